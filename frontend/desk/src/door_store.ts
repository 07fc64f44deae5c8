/** What was tapped and has no answer yet, in the phone's own storage, for this worker alone. */
import { read, write } from "./storage";

export interface Kept {
  id: string;
  told: string;
  household: number;
  at: number;
  words: string;
  more?: Record<string, unknown>;
  wrong?: string;
}

const user = document.body.dataset.user ?? "";
const UNSENT = `door.${user}.unsent`;
const LAST = `door.${user}.last`;
const ARRIVED = `door.${user}.arrived`;

/** Everything that waits, in the order of the taps. */
export function load(): Kept[] {
  return user ? read<Kept[]>(UNSENT, []) : [];
}

/** Keeps a tap; false where this phone keeps nothing. */
export function keep(one: Kept): boolean {
  return user !== "" && write(UNSENT, [...load(), one]);
}

/** Forgets a tap. */
export function drop(id: string): void {
  write(UNSENT, load().filter((one) => one.id !== id));
}

/** The server said that it will not keep this one: it stays, with why. */
export function refuse(id: string, why: string): void {
  write(UNSENT, load().map((one) => (one.id === id ? { ...one, wrong: why } : one)));
}

/** The server has it; the last one can be taken back for some minutes, also after the page was closed. */
export function arrive(one: Kept): void {
  drop(one.id);
  if (one.told === "newcomer") return; // a document number does not stay on a phone, and the visit itself is still owed
  write(LAST, one.told === "undo" ? null : one);
  const day = new Date().toDateString();
  const before = read<{ day: string; doors: number[] }>(ARRIVED, { day, doors: [] });
  const doors = new Set(before.day === day ? before.doors : []);
  if (one.told === "undo") doors.delete(one.household);
  else doors.add(one.household);
  write(ARRIVED, { day, doors: [...doors] });
}

/** The last one that arrived and was not taken back. */
export function last(): Kept | null {
  return read<Kept | null>(LAST, null);
}

/** How many doors arrived today. */
export function arrived(): number {
  const found = read<{ day: string; doors: number[] }>(ARRIVED, { day: "", doors: [] });
  return found.day === new Date().toDateString() ? found.doors.length : 0;
}
