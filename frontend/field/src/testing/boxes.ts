/** A box in somebody's hands: loaded, sealed, given, taken, counted in. Each is one event; the server puts them together. */

import { ref, shallowRef } from "vue";
import { capture } from "../capture/capturing";
import { fact } from "../keep/database";
import type { Device } from "../reach/wire";
import { day } from "../shift";
import { clean } from "./codes";
import { say } from "./table";
import { said } from "./words";

export type Station = "point" | "courier" | "hub" | "laboratory";
export type Doing = "" | "load" | "seal" | "give" | "take" | "receive" | "lost" | "found";

export const STATIONS: Station[] = ["point", "courier", "hub", "laboratory"];
export const box = shallowRef("");
export const doing = ref<Doing>("");
/** What this page did with each box, beside what the list said of it. */
const laid = ref<Record<string, string[]>>({});
const counted = ref<Record<string, string[]>>({});

/** Where whoever was given this phone works: the station of its role, otherwise the point. */
export async function ownStation(): Promise<Station> {
  const role = (await fact<Device>("device"))?.role;
  return STATIONS.find((one) => one === role) ?? "point";
}

export function rowOf(code: string) {
  return day.value?.parts.boxes?.[code];
}

export function inside(code: string): string[] {
  return [...new Set([...(rowOf(code)?.tubes ?? []), ...(laid.value[code] ?? [])])];
}

export function received(code: string): string[] {
  return [...new Set([...(rowOf(code)?.received ?? []), ...(counted.value[code] ?? [])])];
}

export async function scan(raw: string, point: string): Promise<void> {
  const code = clean(raw);
  if (!code) return say("no", said.value.tubeOdd);
  if (!box.value || !doing.value) return take(code, point);
  if (doing.value === "load") return lay(code);
  if (doing.value === "receive") return countIn(code);
}

/** A box is taken up; one that the list does not know is opened here. */
async function take(code: string, point: string): Promise<void> {
  box.value = code;
  if (!rowOf(code) && !laid.value[code] && point) await capture("testing.open_box", { box: code, point });
  say("yes", said.value.box(code));
}

async function lay(tube: string): Promise<void> {
  await capture("testing.box_tube", { box: box.value, tube });
  laid.value = { ...laid.value, [box.value]: [...(laid.value[box.value] ?? []), tube] };
  say("yes", said.value.inBox(inside(box.value).length));
}

async function countIn(tube: string): Promise<void> {
  await capture("testing.receive_tube", { box: box.value, tube });
  counted.value = { ...counted.value, [box.value]: [...(counted.value[box.value] ?? []), tube] };
  const known = inside(box.value);
  if (known.includes(tube)) say("yes", said.value.received(received(box.value).length, known.length));
  else say("look", said.value.notInBox);
}

export async function seal(tubes: number, temperature: string): Promise<void> {
  await capture("testing.seal_box", { box: box.value, tubes, ...(temperature ? { temperature_c: temperature } : {}) });
  say("yes", said.value.sealed);
  end();
}

export interface Hand {
  side: "give" | "take";
  station: Station;
  count: number;
  disinfected: boolean;
  to_or_from: string;
  temperature_c: string;
}

export async function handOver(hand: Hand): Promise<void> {
  const { temperature_c, ...others } = hand;
  await capture("testing.hand_over", { box: box.value, ...others, ...(temperature_c ? { temperature_c } : {}) });
  say("yes", said.value.handed);
  end();
}

export async function lostOrFound(reason: string): Promise<void> {
  await capture(doing.value === "lost" ? "testing.box_lost" : "testing.box_found", { box: box.value, reason });
  say("look", said.value.saved);
  end();
}

export function end(): void {
  box.value = "";
  doing.value = "";
}
