/** What the phone knows of whoever comes: worked out by the server before, looked up here, never reckoned. */

import { computed } from "vue";
import { day } from "../shift";
import { language, type Language } from "../words";
import type { ExpectedRow, GateRow, GateRules, PassRow, Step } from "../reach/wire";

export type Direction = "in" | "out";

/** A pass as the list has it. */
export interface Card {
  id: string;
  number: string;
  kind: string;
  name: string;
  door: string;
  plate: string;
  steps: Record<Direction, Step[]>;
  gates?: string[];
}

/** Somebody who lives behind these gates. */
export interface Known {
  id: number;
  name: string;
  door: string;
  steps: Record<Direction, Step[]>;
}

export interface Expected extends ExpectedRow {
  id: string;
}

export interface Gate extends GateRow {
  id: string;
}

const byName = new Intl.Collator("zh", { numeric: true });

export const gates = computed<Gate[]>(() => named(day.value?.parts.gates).sort((one, other) => byName.compare(one.name, other.name)));
export const rules = computed<GateRules>(() => day.value?.parts.gate_rules ?? {});
export const expected = computed<Expected[]>(() => named(day.value?.parts.expected).sort((one, other) => byName.compare(one.door, other.door)));

/** Everybody who lives behind these gates, door by door. */
export const known = computed<Known[]>(() => {
  const { usual = { in: [], out: [] } } = rules.value;
  return Object.entries(day.value?.parts.known_people ?? {})
    .map(([id, [name, door, into, out]]) => ({ id: Number(id), name, door, steps: { in: into ?? usual.in, out: out ?? usual.out } }))
    .sort((one, other) => byName.compare(one.door, other.door));
});

const byNumber = computed(() => index(([number]) => number));
const byPlate = computed(() => index(([, , , , plate]) => plate));

export function cardOf(id: string): Card | undefined {
  const row = day.value?.parts.passes?.[id];
  if (!row) return undefined;
  const [number, kind, name, door, plate, into, out, gates] = row;
  return { id, number, kind, name, door, plate, gates, steps: { in: into, out } };
}

export function cardByNumber(number: string): Card | undefined {
  const id = byNumber.value.get(number);
  return id === undefined ? undefined : cardOf(id);
}

export function cardByPlate(plate: string): Card | undefined {
  const id = byPlate.value.get(plate);
  return id === undefined ? undefined : cardOf(id);
}

/** Reads a new list through once, so that the first person does not wait for it. */
export function warm(): void {
  void [byNumber.value, byPlate.value, known.value];
}

/** Who lives behind doors that are called so, or whose name begins so. */
export function lookFor(typed: string): Known[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [];
  return known.value.filter((one) => one.door.includes(wanted) || one.name.startsWith(typed.trim()));
}

/** The verdict that holds at this moment. */
export function stepAt(steps: Step[], at: number): Step | undefined {
  return steps.find(([, , until]) => until === null || at < Date.parse(until));
}

/** What the guard says and does, in two short lines. */
export function sentence(code: string, told: Language = language.value): [say: string, todo: string] {
  return day.value?.parts.sentences?.[code]?.[told.toLowerCase()] ?? ["", ""];
}

/** What a kind of pass is called. */
export function kindOf(kind: string): { word: string; colour: string } {
  const found = rules.value.kinds?.[kind];
  return { word: found?.words[language.value.toLowerCase()] ?? "", colour: found?.colour ?? "" };
}

function index(of: (row: PassRow) => string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [id, row] of Object.entries(day.value?.parts.passes ?? {})) if (of(row)) found.set(of(row), id);
  return found;
}

function named<Row>(rows: Record<string, Row> | undefined): (Row & { id: string })[] {
  return Object.entries(rows ?? {}).map(([id, row]) => ({ ...row, id }));
}
