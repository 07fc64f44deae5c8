/** The phone in the hand: a day's work done alone, and nothing lost. */

import { createApp } from "vue";
import App from "./App.vue";
import { watchMarks } from "./keep/marks";
import { settleWhatWasAsked, watchCounts } from "./keep/outbox";
import { networkAppeared, send } from "./reach/sending";
import { beginCounting } from "./reach/time";
import { router } from "./routes";
import { stir } from "./shift";
import "./style.css";
import { keepWhole } from "./updating";
import { beginSpeaking } from "./words";

async function begin(): Promise<void> {
  await beginSpeaking();
  await beginCounting();
  await settleWhatWasAsked();
  await watchCounts();
  watchMarks();
  createApp(App).use(router).mount("#app");
  void keepWhole();
  void send();
}

addEventListener("online", networkAppeared);
addEventListener("pointerdown", stir, { passive: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void send();
});

void begin();
