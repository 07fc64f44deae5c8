/** Who passed on this phone: for taking back, for the counts of a shift, for those who come again. Sealed like everything that happened. */

import { shallowRef } from "vue";
import { kept, type Passed } from "../keep/database";
import { deviceKey } from "../keep/key";
import { seal, unseal } from "../keep/sealing";
import type { Came } from "./came";
import type { Verdict } from "./verdict";

const KEPT_MS = 36 * 3600_000;

/** One passage as the guard saw it. `open`: it is being asked whether they may; `done` as `admitted` says; `gone`: taken back. */
export interface Past {
  id: string;
  at: number;
  worker: number;
  label: string;
  came: Came;
  verdict: Verdict;
  state: "open" | "done" | "gone";
  scanned: string;
  admitted: boolean;
}

/** All of them, newest first. */
export const past = shallowRef<Past[]>([]);

/** Takes up what lies on the phone, and forgets what is older than a day and a half. */
export async function loadPast(now: number = Date.now()): Promise<void> {
  await kept.passed.where("at").below(now - KEPT_MS).delete();
  const key = await deviceKey();
  const rows = await kept.passed.orderBy("at").reverse().toArray();
  const read = await Promise.all(rows.map((row) => unseal<Past>(key, row.sealed)));
  const seen = past.value.filter(({ at }) => at >= now - KEPT_MS); // as fresh as what lies there, or fresher
  past.value = inOrder([...new Map([...read, ...seen].map((one) => [one.id, one])).values()]);
}

/** Shown at once, and kept; where there is no room for it only the event itself is kept. */
export async function keepPast(one: Past): Promise<void> {
  seePast(one);
  await kept.passed.put(await sealedPast(one)).catch(() => undefined);
}

export function seePast(one: Past): void {
  const others = past.value.filter(({ id }) => id !== one.id);
  past.value = inOrder([one, ...others]);
}

function inOrder(those: Past[]): Past[] {
  return those.sort((one, other) => other.at - one.at);
}

export async function sealedPast(one: Past): Promise<Passed> {
  return { id: one.id, at: one.at, sealed: await seal(await deviceKey(), one) };
}

/** What the guard hands over. Units: people, and vehicles. */
export interface Counts {
  in: number;
  out: number;
  vehicles: number;
  turnedBack: number;
  vehiclesBack: number;
  medical: number;
}

export function countsOf(gate: string, since: number): Counts {
  const counts: Counts = { in: 0, out: 0, vehicles: 0, turnedBack: 0, vehiclesBack: 0, medical: 0 };
  for (const { came, state, at, admitted } of past.value) {
    if (came.gate !== gate || at < since || state !== "done") continue;
    if (admitted) counts[came.direction] += came.people;
    else counts.turnedBack += came.people;
    if (came.plate) counts[admitted ? "vehicles" : "vehiclesBack"] += 1;
    if (came.medical) counts.medical += 1;
  }
  return counts;
}
