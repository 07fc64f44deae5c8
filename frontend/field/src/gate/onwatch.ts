/** Which gate this phone stands at, since when, and which way people go. */

import { computed, reactive, shallowRef } from "vue";
import { capture } from "../capture/capturing";
import { fact, remember } from "../keep/database";
import { deviceKey } from "../keep/key";
import { seal, unseal, type Sealed } from "../keep/sealing";
import { shift } from "../shift";
import { gates, type Direction, type Gate } from "./list";
import { countsOf, loadPast } from "./past";

const WATCH = "gates.watch";

interface OnWatch {
  gate: string;
  worker: number;
  since: number;
  direction: Direction;
}

/** Somebody who sits aside after a first reading that was too high. Units: °C. */
export interface Aside {
  id: string;
  at: number;
  first: string;
  who: string;
  passage?: string;
  person?: number;
}

const watch = shallowRef<OnWatch | null>(null);

/** Who waits for a second reading. */
export const aside = shallowRef<Aside[]>([]);

/** Readings of whoever comes next. */
export const ready = reactive({ first: "", second: "" });

/** The watch of whoever holds the phone now; another guard begins their own. */
export const onWatch = computed(() => (watch.value?.worker === shift.worker?.id ? watch.value : null));
export const gate = computed<Gate | undefined>(() => gates.value.find((one) => one.id === onWatch.value?.gate));

export async function load(): Promise<void> {
  watch.value = (await fact<OnWatch>("watch")) ?? null;
  const sealed = await fact<Sealed>("aside");
  aside.value = sealed ? await unseal<Aside[]>(await deviceKey(), sealed) : [];
  await loadPast();
}

export async function begin(gateId: string): Promise<void> {
  await capture(WATCH, { gate: gateId, on: true });
  await keep({ gate: gateId, worker: shift.worker!.id, since: Date.now(), direction: "in" });
}

export async function turn(direction: Direction): Promise<void> {
  if (watch.value) await keep({ ...watch.value, direction });
}

/** Hands over with what was counted, and what the next one must know. */
export async function end(note: string): Promise<void> {
  const { gate: id, since } = watch.value!;
  const counted = countsOf(id, since);
  const counts = { passed: counted.in + counted.out, turned_back: counted.turnedBack };
  await capture(WATCH, { gate: id, on: false, counts, note });
  await keep(null);
}

export async function keepAside(those: Aside[]): Promise<void> {
  aside.value = those;
  await remember("aside", await seal(await deviceKey(), those));
}

async function keep(now: OnWatch | null): Promise<void> {
  watch.value = now;
  await remember("watch", now);
}
