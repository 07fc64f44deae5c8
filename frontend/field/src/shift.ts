/** Who works with the phone now: opened by a PIN, closed by a lock, a change of shift, or a while of nothing. */

import { computed, reactive, shallowRef } from "vue";
import { fact, kept, remember, type Worker } from "./keep/database";
import { lockWith, openWith, seal, unseal } from "./keep/sealing";
import type { Day, Device } from "./reach/wire";
import { turns } from "./turns";

const TRIES = 5;
const FIRST_PAUSE_S = 30;
const IDLE_MINUTES = 15;

const AT_A_PLACE = new Set(["gate_guard", "sampler", "courier", "hub", "laboratory"]);

/** Who works, and in which role the phone was given out. */
export const shift = reactive<{ worker: { id: number; name: string } | null; role: string }>({ worker: null, role: "" });

/** Whether whoever works goes from door to door: not from a gate, a table or with boxes. */
export const walks = computed(() => !AT_A_PLACE.has(shift.role));

/** The day of whoever works now, as it was last fetched. */
export const day = shallowRef<Day | null>(null);

const inTurn = turns();
let dayKey: CryptoKey | null = null;
let idle: ReturnType<typeof setTimeout> | undefined;

/** Somebody is let in by an administrator's code and chooses their PIN; an earlier PIN of theirs is forgotten, and their day with it. */
export async function begin(worker: { id: number; name: string }, pin: string): Promise<void> {
  const { lock, key } = await lockWith(pin);
  await kept.workers.put({ ...worker, lock, day: null, tries: 0, lockedUntil: 0 });
  day.value = null; // another worker's day is not theirs
  await opened(worker, key);
}

export type Opening = "open" | { left: number } | { pauseSeconds: number };

/** Tries a PIN, one after the other. After some wrong ones each further try has to wait, longer every time. */
export function open(id: number, pin: string): Promise<Opening> {
  return inTurn(() => tryOnce(id, pin, Date.now()));
}

async function tryOnce(id: number, pin: string, now: number): Promise<Opening> {
  const row = await kept.workers.get(id);
  if (!row) return { left: 0 };
  if (row.lockedUntil > now) return { pauseSeconds: Math.ceil((row.lockedUntil - now) / 1000) };
  const key = await openWith(pin, row.lock);
  if (key) {
    await kept.workers.update(id, { tries: 0, lockedUntil: 0 });
    day.value = row.day ? await unseal<Day>(key, row.day) : null;
    await opened(row, key);
    return "open";
  }
  const tries = row.tries + 1;
  const pause = tries < TRIES ? 0 : FIRST_PAUSE_S * 2 ** (tries - TRIES);
  await kept.workers.update(id, { tries, lockedUntil: pause ? now + pause * 1000 : 0 });
  return pause ? { pauseSeconds: pause } : { left: TRIES - tries };
}

/** The screen is given to somebody else, or to nobody. */
export function close(): void {
  shift.worker = null;
  day.value = null;
  dayKey = null;
}

/** The day that was just fetched, shown at once and kept sealed under this worker's PIN. Answers whether there is still somebody to keep it for. */
export async function keepDay(fetched: Day): Promise<boolean> {
  if (!shift.worker || !dayKey) return false; // locked meanwhile
  day.value = fetched;
  await kept.workers.update(shift.worker.id, { day: await seal(dayKey, fetched) });
  return true;
}

export function workers(): Promise<Worker[]> {
  return kept.workers.toArray();
}

/** Who used the phone last stands first. */
export function lastWorker(): Promise<number | undefined> {
  return fact<number>("worker");
}

async function opened(worker: { id: number; name: string }, key: CryptoKey): Promise<void> {
  dayKey = key;
  const role = (await fact<Device>("device"))?.role ?? "";
  Object.assign(shift, { worker: { id: worker.id, name: worker.name }, role });
  await remember("worker", worker.id);
  stir();
}

/** Somebody touched the screen; when nobody does for a while it locks by itself. */
export function stir(): void {
  clearTimeout(idle);
  if (shift.worker) idle = setTimeout(close, IDLE_MINUTES * 60_000);
}
