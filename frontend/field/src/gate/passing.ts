/**
 * From somebody who stands there to one event: decided by the list on the phone, asked of the server where it answers in time.
 *
 * Both speak of the same event, so that nobody is counted twice. The guard sees a colour within 0.3 s; what the server knows
 * better comes within 1.2 s, and is told again where it differs. Without a network the colour does not wait until the event lies on
 * the phone; the tone, the counts and whatever the guard does next do.
 */

import { shallowRef } from "vue";
import { made, undo } from "../capture/capturing";
import { confirmedAlone, leaveOpen, put, settle, type Captured, type Numbered } from "../keep/outbox";
import { ask } from "../reach/asking";
import { line, sendSoon } from "../reach/sending";
import type { Came, Done } from "./came";
import { keepPast, past, sealedPast, seePast, type Past } from "./past";
import type { Decision, Verdict } from "./verdict";

const PASSAGE = "gates.passage";
const SHOWN_WITHIN_MS = 300;
const PATIENCE_MS = 1200;
const REST_MS = 30_000;

/** Who stands there, what the phone says of them, and what was scanned. */
export interface Standing {
  came: Came;
  verdict: Verdict;
  label: string;
  scanned?: string;
}

interface Answer {
  decision: Decision;
  code: string;
  until: string | null;
  stored: boolean;
  copied: boolean;
}

/** Whoever stands at the gate now. */
export const shown = shallowRef<Past | null>(null);

/** Who is shown and does not lie on the phone yet: a matter of milliseconds, unless the phone is full. */
export const storing = shallowRef("");

let stored: Promise<unknown> = Promise.resolve();
let restUntil = 0;
addEventListener("online", () => (restUntil = 0));

/** Somebody came. Answers once the verdict is shown. Throws where the phone is full: then nothing has happened. */
export async function arrive(standing: Standing): Promise<void> {
  const { decision } = standing.verdict;
  const asks = decision === "ask";
  const event = eventOf(standing, asks ? "ask_refuse" : decision);
  const one = pastOf(event, standing, asks ? "open" : "done", decision === "admit");
  if (!isReachable()) return showWhileStored(one, event);
  const numbered = await put(event, asks ? "open" : "asking");
  const answer = check(numbered, standing.came);
  const early = await Promise.race([answer, pause(SHOWN_WITHIN_MS)]);
  if (early === "not yet") {
    await show(one);
    void answer.then((late) => heardLate(one, numbered, late));
  } else await show(await heard(one, numbered, early));
}

/** What a guard does on their own word: known faces, a bus, turned back, a doctor needed. Nobody is asked first. */
export async function note(standing: Standing, done: Done): Promise<void> {
  const event = eventOf(standing, done);
  await put(event);
  sendSoon();
  await show(pastOf(event, standing, "done", done.endsWith("admit")));
}

/** It was asked about and found out: through, or turned back. `more` is what was learnt. */
export async function decide(one: Past, admitted: boolean, more: Partial<Came> = {}): Promise<void> {
  await stored;
  const came = { ...one.came, ...more };
  const done: Past = { ...one, came, state: "done", admitted };
  await settle(sameEvent(one, eventOf(done, admitted ? "ask_admit" : "ask_refuse")), await sealedPast(done));
  sendSoon();
  seePast(done);
  if (shown.value?.id === one.id) shown.value = done;
}

/** It was a slip, or they did not go after all. */
export async function takeBack(one: Past): Promise<void> {
  await stored;
  if (one.state === "open") await decide(one, false);
  await undo(one.id);
  await keepPast({ ...one, state: "gone" });
  if (shown.value?.id === one.id) shown.value = null;
}

/** The guard lets through against the verdict, for a reason: what was decided is taken back, and this written down. */
export async function letAnyway(one: Past, why: string): Promise<void> {
  await takeBack(one);
  const verdict: Verdict = { ...one.verdict, decision: "admit", basis: "override" };
  await note({ ...one, came: { ...one.came, note: why }, verdict }, "admit");
}

/** The server has spoken or kept still. What it stored need not be sent; what still has to be asked stays open. */
async function heard(one: Past, event: Numbered, answer: Answer | null): Promise<Past> {
  if (!answer) {
    if (one.state !== "open") await settle(event);
    sendSoon();
    return one;
  }
  const { decision, code, until, stored, copied } = answer;
  const verdict: Verdict = { decision, code, until, copied, basis: "online" };
  const known: Past = { ...one, verdict, state: decision === "ask" ? "open" : "done", admitted: decision === "admit" };
  if (decision === "ask") {
    await leaveOpen(event);
    return known;
  }
  if (stored) await confirmedAlone(event);
  else await settle(sameEvent(known, eventOf(known, decision)));
  return known;
}

/** Its word comes after the colour: what the guard has done meanwhile stands. Whoever was taken back meanwhile is not asked about any more. */
async function heardLate(one: Past, event: Numbered, answer: Answer | null): Promise<void> {
  if (one.state === "open" && isTouched(one)) return;
  const known = await heard(one, event, isTouched(one) && answer?.decision === "ask" ? null : answer);
  if (isTouched(one) || known === one) return;
  if (shown.value?.id === one.id) await show(known);
  else await keepPast(known);
}

/** Whether the guard has done something about it since it was shown. */
function isTouched(one: Past): boolean {
  return (past.value.find(({ id }) => id === one.id)?.state ?? one.state) !== one.state;
}

/** Where the phone is full the colour goes again: then nothing has happened. */
async function showWhileStored(one: Past, event: Captured): Promise<void> {
  storing.value = one.id;
  shown.value = one;
  const putting = put(event, one.state === "open" ? "open" : "waiting", { seen: sealedPast(one) });
  stored = Promise.allSettled([stored, putting]);
  try {
    await putting;
  } catch (full) {
    if (shown.value === one) shown.value = null;
    throw full;
  } finally {
    if (storing.value === one.id) storing.value = "";
  }
  seePast(one);
  sendSoon();
}

async function show(one: Past): Promise<void> {
  shown.value = one;
  await keepPast(one);
}

function eventOf({ came, verdict, scanned = "" }: Standing, done: Done): Captured {
  const { basis, code } = verdict;
  return made(PASSAGE, { ...came, decision: done, code }, { scanned, decision: done, decision_basis: basis });
}

/** What came of it, under the name and the moment of when they came. */
function sameEvent({ id, at, worker }: Past, event: Captured): Captured {
  return { ...event, event_id: id, worker, occurred_at: new Date(at).toISOString() };
}

function pastOf(event: Captured, { came, verdict, label, scanned = "" }: Standing, state: Past["state"], admitted: boolean): Past {
  return { id: event.event_id, at: Date.parse(event.occurred_at), worker: event.worker, label, came, verdict, state, scanned, admitted };
}

async function check(event: Numbered, came: Came): Promise<Answer | null> {
  const body = JSON.stringify({ ...event, decision: "", decision_basis: "", payload: came });
  try {
    return (await (await ask("gate/check", { body, signal: AbortSignal.timeout(PATIENCE_MS) })).json()) as Answer;
  } catch {
    restUntil = Date.now() + REST_MS;
    return null;
  }
}

/** After a try in vain nobody waits for the next ones for a while; the events are sent behind their backs. */
function isReachable(): boolean {
  return navigator.onLine && line.reached && Date.now() >= restUntil;
}

function pause(milliseconds: number): Promise<"not yet"> {
  return new Promise((done) => setTimeout(() => done("not yet"), milliseconds));
}
