/** Sending what happened: in batches, again and again, until the server has proved that it holds every single thing. */

import { reactive } from "vue";
import { BOOT_ID, elapsed, uuid7 } from "../capture/ids";
import * as outbox from "../keep/outbox";
import { day } from "../shift";
import { ask, TooLarge, TooMuch } from "./asking";
import { sendPhoto } from "./photos";
import { Refused } from "./session";
import { HELD_BY_THE_SERVER, type Answer } from "./wire";

const MOST = 500;
const SHORTEST_WAIT_S = 5;
const LONGEST_WAIT_S = 300;

/** How the last try went, for the line at the bottom. `refused` is the server's own sentence. */
export const line = reactive({ sending: false, reached: true, refused: "" });

let wait = SHORTEST_WAIT_S;
let triedAt = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;
let most = MOST;
let askedMeanwhile = false;

/** After every capture: where the last try was in vain a moment ago, the next one takes this along; the one under way looks again. */
export function sendSoon(): void {
  if (line.sending || line.reached || performance.now() - triedAt >= SHORTEST_WAIT_S * 1000) void send();
}

/**
 * Sends now, and goes on by itself until nothing waits. Without any network nothing is unsealed in vain. Whoever asks while a run is
 * about to end, after its last look at what waits, makes it look once more: nobody else would.
 */
export async function send(): Promise<void> {
  askedMeanwhile = true;
  if (line.sending) return;
  clearTimeout(timer);
  triedAt = performance.now();
  if (!navigator.onLine) {
    line.reached = false;
    return later(wait);
  }
  line.sending = true;
  try {
    const tried = new Set<string>();
    do {
      askedMeanwhile = false;
      while (await sendOnce());
    } while ((await sendPhoto(tried)) || askedMeanwhile); // whatever happens meanwhile goes before the next picture
    Object.assign(line, { reached: true, refused: "" });
    wait = SHORTEST_WAIT_S;
  } catch (error) {
    line.reached = false;
    line.refused = error instanceof Refused ? error.message : "";
    later(error instanceof TooMuch ? error.afterSeconds : wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_S);
  } finally {
    line.sending = false;
  }
}

/** A network has appeared: what was learnt about waiting counts no more, also for a try that is under way and about to fail. */
export function networkAppeared(): void {
  wait = SHORTEST_WAIT_S;
  void send();
}

/** Everybody's phone comes back at the same moment: each waits a little longer or shorter than told. */
function later(seconds: number): void {
  timer = setTimeout(() => void send(), seconds * (750 + Math.random() * 500));
}

/** One batch. Answers whether there may be more. */
async function sendOnce(): Promise<boolean> {
  const events = await outbox.next(most);
  if (!events.length) return false;
  const before = await outbox.heldAlone();
  try {
    const answer = await tell(events);
    if (answer.outcome === "unreadable_batch") await halve(events);
    else await keepToThe(answer, events, before);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    await halve(events);
  }
  return true;
}

async function tell(events: outbox.Numbered[]): Promise<Answer> {
  const batchId = uuid7();
  const body = JSON.stringify({
    batch_id: batchId,
    sent_at: new Date().toISOString(),
    elapsed_ms: elapsed(),
    boot_id: BOOT_ID,
    pending: outbox.counts.waiting,
    app_version: __APP_VERSION__,
    package_version: day.value?.version ?? "",
    events,
  });
  const answer = (await (await ask("events", { body, headers: { "X-Batch-Id": batchId } })).json()) as Answer;
  if (answer.batch_id !== batchId) throw new Error("somebody else answered"); // a captive portal
  return answer;
}

/** No poisoned batch blocks a phone: halved until the bad event stands alone, and that one is set aside. */
async function halve(events: outbox.Numbered[]): Promise<void> {
  if (events.length > 1) most = Math.ceil(events.length / 2);
  else await outbox.setAside([events[0]!.event_id], "unreadable");
}

async function keepToThe(answer: Answer, events: outbox.Numbered[], before: number[]): Promise<void> {
  const id = (place: number): string => events[place]?.event_id ?? "";
  const held = answer.outcomes.filter((one) => HELD_BY_THE_SERVER.has(one.outcome));
  const odd = answer.outcomes.filter((one) => !HELD_BY_THE_SERVER.has(one.outcome));
  await outbox.confirmed(held.map((one) => id(one.place)));
  for (const one of odd) await outbox.setAside([id(one.place)], one.outcome);
  const seqs = held.flatMap((one) => events[one.place]?.seq ?? []);
  await outbox.proved({ highest: answer.highest_contiguous_seq, missing: answer.missing, held: seqs, before });
  most = MOST;
}
