/** A box in somebody's hands: loaded, sealed, given, taken, counted in. Each is one event; the server puts them together. */

import { ref, shallowRef } from "vue";
import { capture } from "../capture/capturing";
import { fact } from "../keep/database";
import type { Device } from "../reach/wire";
import { day } from "../shift";
import { turns } from "../turns";
import { clean } from "./codes";
import { say } from "./table";
import { said } from "./words";

export type Station = "point" | "courier" | "hub" | "laboratory";
export type Doing = "" | "load" | "seal" | "give" | "take" | "receive" | "lost" | "found";

const inTurn = turns();
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

export function scan(raw: string, point: string): Promise<void> {
  return inTurn(async () => {
    const code = clean(raw);
    if (!code) return say("no", said.value.tubeOdd);
    if (!box.value || !doing.value) return take(code, point);
    if (doing.value === "load") return lay(box.value, code);
    if (doing.value === "receive") return countIn(box.value, code);
  });
}

/** A box is taken up; one that the list does not know is opened here. */
async function take(code: string, point: string): Promise<void> {
  box.value = code;
  if (!rowOf(code) && !laid.value[code] && point) await capture("testing.open_box", { box: code, point });
  say("yes", said.value.box(code));
}

async function lay(into: string, tube: string): Promise<void> {
  await capture("testing.box_tube", { box: into, tube });
  laid.value = { ...laid.value, [into]: [...(laid.value[into] ?? []), tube] };
  say("yes", said.value.inBox(inside(into).length));
}

async function countIn(from: string, tube: string): Promise<void> {
  await capture("testing.receive_tube", { box: from, tube });
  counted.value = { ...counted.value, [from]: [...(counted.value[from] ?? []), tube] };
  const known = inside(from);
  if (known.includes(tube)) say("yes", said.value.received(received(from).length, known.length));
  else say("look", said.value.notInBox);
}

/** What is done with the box as a whole, once: a second tap finds it done. */
function finish(work: (box: string) => Promise<void>): Promise<void> {
  return inTurn(async () => {
    if (!box.value) return;
    await work(box.value);
    end();
  });
}

export function seal(tubes: number, temperature: string): Promise<void> {
  return finish(async (box) => {
    await capture("testing.seal_box", { box, tubes, ...(temperature ? { temperature_c: temperature } : {}) });
    say("yes", said.value.sealed);
  });
}

export interface Hand {
  side: "give" | "take";
  station: Station;
  count: number;
  disinfected: boolean;
  to_or_from: string;
  temperature_c: string;
}

export function handOver(hand: Hand): Promise<void> {
  return finish(async (box) => {
    const { temperature_c, ...others } = hand;
    await capture("testing.hand_over", { box, ...others, ...(temperature_c ? { temperature_c } : {}) });
    say("yes", said.value.handed);
  });
}

export function lostOrFound(reason: string): Promise<void> {
  const kind = doing.value === "lost" ? "testing.box_lost" : "testing.box_found";
  return finish(async (box) => {
    await capture(kind, { box, reason });
    say("look", said.value.saved);
  });
}

export function end(): void {
  box.value = "";
  doing.value = "";
}
