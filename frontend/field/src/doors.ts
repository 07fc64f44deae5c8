/** The day as a walk: buildings, stairs, floors from the top down; what is owed at each door, and what was done there just now. */

import { computed } from "vue";
import { marks } from "./keep/marks";
import { now } from "./reach/time";
import { day } from "./shift";
import { language, words } from "./words";
import type { DoorRow, NeedRow, Owed, PersonRow } from "./reach/wire";

export interface Person extends PersonRow {
  id: number;
}

export interface Door extends DoorRow {
  id: number;
  label: string;
  people: Person[];
}

export interface Errand extends NeedRow {
  id: string;
}

export interface Stair {
  title: string;
  doors: Door[];
}

export const VISIT = "screening.visit";
export const TEMPERATURE = "isolation.temperature";
export const ERRAND = "isolation.need";
export const HOME_CHECK = "isolation.home_check";
const ZONE = "Asia/Shanghai";
const DAY_MS = 24 * 3600_000;

const byName = new Intl.Collator("zh", { numeric: true });

/** Every door of the day with its people. */
export const doors = computed<Door[]>(() => {
  const people = new Map<number, Person[]>();
  for (const [id, row] of Object.entries(day.value?.parts.people ?? {})) {
    const behind = people.get(row.door) ?? people.set(row.door, []).get(row.door)!;
    behind.push({ ...row, id: Number(id) });
  }
  return Object.entries(day.value?.parts.doors ?? {}).map(([id, row]) => ({
    ...row,
    id: Number(id),
    label: [row.building, row.unit, row.room].filter(Boolean).join("-"),
    people: people.get(Number(id)) ?? [],
  }));
});

/** What is still owed behind each door, less what was done on this phone. */
export const left = computed<Map<number, Owed[]>>(() => {
  const done = new Set(marks.value.map((one) => `${one.kind} ${one.person || one.door}`));
  const found = new Map<number, Owed[]>();
  for (const door of doors.value) {
    const own = (door.owed ?? []).filter(([kind]) => !done.has(`${kind} ${door.id}`));
    // A home is looked at once for everybody behind its door.
    const of = door.people.flatMap((one) => (one.owed ?? []).filter(([kind]) => !done.has(`${kind} ${kind === HOME_CHECK ? door.id : one.id}`)));
    if (own.length + of.length) found.set(door.id, [...own, ...of]);
  }
  return found;
});

/** The doors at which something is owed, in the order in which one walks: stair by stair, from the top floor down. */
export const walk = computed<Stair[]>(() => stairs(doors.value.filter((door) => left.value.has(door.id) || touched.value.has(door.id))));

/** Doors at which something was done on this phone: they stay in the walk, so that a slip can be put right. */
export const touched = computed(() => new Map(marks.value.map((one) => [one.door, one])));

/** What was asked for behind a door and does not stand there yet. */
export function errandsOf(door: number): Errand[] {
  const there = new Set(marks.value.map((one) => one.about));
  const all = Object.entries(day.value?.parts.needs ?? {});
  return all.filter(([id, row]) => row.door === door && !there.has(id)).map(([id, row]) => ({ ...row, id }));
}

/** What the plan asks of the home behind a door, where somebody still has to look. */
export function asksOf(door: number): string[] {
  const looked = marks.value.some((one) => one.kind === HOME_CHECK && one.door === door);
  return looked ? [] : (day.value?.parts.homes?.[door]?.asks ?? []);
}

export function stairs(some: Door[]): Stair[] {
  const found = new Map<string, Door[]>();
  for (const door of some) {
    const title = [door.compound, [door.building, door.unit].filter(Boolean).join("-")].filter(Boolean).join(" ");
    (found.get(title) ?? found.set(title, []).get(title)!).push(door);
  }
  return [...found]
    .sort(([one], [other]) => byName.compare(one, other))
    .map(([title, behind]) => ({ title, doors: behind.sort(fromTheTop) }));
}

export function doorOf(id: number): Door | undefined {
  return doors.value.find((one) => one.id === id);
}

/** Doors by what somebody types: 3-2-502, part of a name, a room. */
export function look(typed: string): Door[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [];
  return doors.value.filter((one) => one.label.includes(wanted) || one.people.some((person) => person.name.includes(wanted)));
}

/** The door that a code names: a door code of our own sheets and cards ends in the door's number; a typed door is one as well. */
export function doorOfCode(code: string): Door | undefined {
  const area = /(\d{12,22})$/.exec(code)?.[1];
  const typed = code.trim();
  return doors.value.find((one) => one.area === area || one.label === typed);
}

/** The hour by which something is owed; a day ends at 24:00 and does not begin again at 0:00. */
export function hourOf(due: string): string {
  const hour = due.slice(11, 16);
  return hour === "00:00" ? "24:00" : hour;
}

/** By when, as one says it: today the hour alone, otherwise the day too. */
export function whenOf(due: string): string {
  const hour = hourOf(due);
  const on = new Date(Date.parse(`${due.slice(0, 10)}T00:00Z`) - (hour === "24:00" ? DAY_MS : 0));
  const today = new Date(now()).toLocaleDateString("sv", { timeZone: ZONE });
  return on.toISOString().slice(0, 10) === today ? hour : `${on.getUTCMonth() + 1}-${on.getUTCDate()} ${hour}`;
}

/** What a duty, an outcome or an event is called, in the language of whoever holds the phone. */
export function called(kind: string): string {
  return day.value?.parts.words?.[kind]?.[language.value.toLowerCase()] ?? words.value.kinds[kind] ?? kind;
}

function fromTheTop(one: Door, other: Door): number {
  return byName.compare(other.floor ?? "", one.floor ?? "") || byName.compare(one.room ?? "", other.room ?? "");
}
