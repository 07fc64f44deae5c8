/** Sends what waits. Only an answer that names an entry counts: a portal's friendly page does not. */
import { arrive, refuse, type Kept } from "./door_store";
import { mark, over, say } from "./door_showing";

const AT_ONCE = 20;
const PATIENCE_MS = 15_000;

interface Answered {
  id: string;
  say: string;
}
interface Answer {
  kept?: Answered[];
  wrong?: Answered[];
  over?: string;
}

/** Sends the oldest entries; true when nothing got through. */
export async function send(waiting: Kept[]): Promise<boolean> {
  const entries = waiting.filter((one) => !one.wrong).slice(0, AT_ONCE);
  if (!entries.length) return false;
  const answer = await post(entries);
  if (answer?.over) {
    over(answer.over);
    return true;
  }
  let moved = false;
  for (const one of entries) {
    const kept = answer?.kept?.find((each) => each.id === one.id);
    const wrong = answer?.wrong?.find((each) => each.id === one.id);
    if (kept) took(one, kept.say);
    else if (wrong) refused(one, wrong.say);
    moved = moved || Boolean(kept ?? wrong);
  }
  return !moved;
}

function took(one: Kept, said: string): void {
  arrive(one);
  if (one.told !== "newcomer") mark(one.household, one.told === "undo" ? "" : "kept", one.id);
  if (said) say(said);
}

function refused(one: Kept, why: string): void {
  refuse(one.id, why);
  mark(one.household, "wrong", one.id);
}

async function post(entries: Kept[]): Promise<Answer | null> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE_MS);
  const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  try {
    const answer = await fetch(document.body.dataset.told ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
      redirect: "error",
      signal: stop.signal,
      body: JSON.stringify({ entries: entries.map(packed) }),
    });
    if (answer.status === 403) say(document.body.dataset.saidStale ?? "");
    return (await answer.json()) as Answer;
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}

/** The phone's clock may be wrong; how long an entry waited is right all the same. */
function packed(one: Kept): Record<string, unknown> {
  const waited_s = Math.max(0, Math.round((Date.now() - one.at) / 1000));
  return { id: one.id, told: one.told, household: one.household, waited_s, ...one.more };
}
