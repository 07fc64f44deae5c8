/** At the table: a tube is scanned, then people. What is odd is said at once; nothing is refused that a sampler insists on. */

import { ref, shallowRef } from "vue";
import { capture, undo } from "../capture/capturing";
import { doors, type Person } from "../doors";
import { fact, remember } from "../keep/database";
import { read, tell, type Sense } from "../senses";
import { day } from "../shift";
import { turns } from "../turns";
import { language } from "../words";
import { canBeRight, clean, idNumberOf, personOf } from "./codes";
import { dropTaken, keepTaken, loadTaken, round, taken, tubeOf, tubeWith, type Tube } from "./taken";
import { said } from "./words";

const inTurn = turns();
const USUAL_SIZE = 10;
const HOUR_MS = 3600_000;

/** What the table tells: a colour, a sound, a sentence; `then` where the sampler may insist. */
export interface Told {
  sense: Sense;
  words: string;
  then?: () => Promise<void>;
}

/** What somebody without a code says or shows. `id_kind` where the number is not that of an identity card. */
export interface Papers {
  name?: string;
  phone?: string;
  id_kind?: string;
  id_number?: string;
  category?: string;
  note?: string;
}

/** Somebody at the table. Without a row they are whoever they say they are. */
export interface Somebody {
  person?: number;
  label: string;
  how: "code" | "id" | "name" | "household" | "none";
  papers?: Papers;
}

export const tube = shallowRef<Tube | null>(null);
export const told = shallowRef<Told | null>(null);
export const point = ref<string>("");
export const size = ref(USUAL_SIZE);
/** A team goes from door to door with this phone. */
export const walking = ref(false);

/** Takes up what was done on this phone, once whatever is still being kept is there. */
export async function begin(): Promise<void> {
  await inTurn(loadTaken);
  point.value = (await fact<string>("point")) ?? "";
  const points = Object.keys(day.value?.parts.points ?? {});
  if (!points.includes(point.value)) point.value = points.length === 1 ? points[0]! : "";
  const pools = Object.values(round.value?.[1].pools ?? {});
  size.value = pools.length ? Math.max(...pools) : USUAL_SIZE;
}

export async function stand(at: string): Promise<void> {
  point.value = at;
  await remember("point", at);
}

/** Whatever a scanner reads: somebody's code or card, else a tube. */
export function scan(raw: string): Promise<void> {
  return inTurn(async () => {
    const person = personOf(raw);
    const number = idNumberOf(raw);
    if (person) return take(known(person, "code"));
    if (number) return take(byNumber(number));
    openTube(raw);
  });
}

/** A tube is taken up: one that is full, closed or of another round is said so, and not taken. */
export function openTube(raw: string): void {
  const code = clean(raw);
  if (!code) return say("no", said.value.tubeOdd);
  const seen = tubeOf(code, size.value);
  const now = round.value?.[0] ?? "";
  if (seen.closed) return say("no", said.value.tubeClosed);
  if (seen.round && now && seen.round !== now) return say("no", said.value.tubeUsed);
  if (seen.people >= seen.capacity) return say("no", said.value.tubeFull);
  if (isOver(code)) return say("no", said.value.lotOver);
  tube.value = seen;
  say("yes", said.value.of(seen.people, seen.capacity));
}

/** Somebody is swabbed into the tube at hand. */
export function swab(who: Somebody, sure = false): Promise<void> {
  return inTurn(() => take(who, sure));
}

async function take(who: Somebody, sure = false): Promise<void> {
  const into = tube.value && tubeOf(tube.value.code, size.value);
  if (!into) return say("look", said.value.noTube);
  if (into.people >= into.capacity) return say("no", said.value.tubeFull);
  const odd = sure ? "" : oddities(who, into);
  if (odd) return say("look", odd, () => swab(who, true));
  const place = into.people + 1;
  const own = who.person ? { person: who.person } : { ...who.papers };
  const id = await capture("testing.swab", {
    tube: into.code, capacity: into.capacity, how: who.how, place, at_door: atDoors(), ...own, ...(point.value ? { point: point.value } : {}),
  }); // prettier-ignore
  await keepTaken({ id, at: Date.now(), tube: into.code, capacity: into.capacity, person: who.person ?? 0, label: who.label, closed: false });
  tube.value = tubeOf(into.code, size.value);
  const hours = Math.floor((Date.now() - into.openedAt) / HOUR_MS);
  const most = round.value?.[1].hours;
  if (most && hours >= most) return say("look", said.value.openTooLong(hours));
  if (place >= into.capacity) return say("look", said.value.full(into.capacity));
  say("yes", said.value.took(place, who.label));
}

/** Everybody of a household who is not swabbed yet, one after another, as far as the tube goes. */
export function swabAll(people: Person[]): Promise<void> {
  return inTurn(async () => {
    for (const one of people.filter(({ id }) => !tubeWith(id))) {
      await take({ person: one.id, label: one.name, how: "household" });
      if (!tube.value || tube.value.people >= tube.value.capacity) return;
    }
  });
}

export function closeTube(): Promise<void> {
  return inTurn(async () => {
    if (!tube.value) return;
    const { code, capacity } = tube.value;
    const id = await capture("testing.close_tube", { tube: code });
    await keepTaken({ id, at: Date.now(), tube: code, capacity, person: 0, label: "", closed: true });
    tube.value = null;
  });
}

/** The last one of this phone was a mistake. */
export function undoLast(): Promise<void> {
  return inTurn(async () => {
    const last = taken.value.at(-1);
    if (!last) return;
    await undo(last.id);
    await dropTaken(last.id);
    tube.value = tubeOf(last.tube, last.capacity);
    say("look", said.value.undone(last.label || last.tube));
  });
}

export function known(person: number, how: Somebody["how"]): Somebody {
  const found = doors.value.flatMap((door) => door.people).find((one) => one.id === person);
  return { person, label: found?.name ?? `${person}`, how };
}

/** By the card: the list has only masks and years, so one alone that fits is taken, and otherwise the number itself is told. */
function byNumber(number: string): Somebody {
  const year = Number(number.length === 18 ? number.slice(6, 10) : `19${number.slice(6, 8)}`);
  const fits = doors.value.flatMap((door) => door.people).filter((one) => one.born === year && one.id_mask && masks(one.id_mask, number));
  if (fits.length === 1) return { person: fits[0]!.id, label: fits[0]!.name, how: "id" };
  return { label: number.slice(-4), how: "id", papers: { id_number: number } };
}

function masks(mask: string, number: string): boolean {
  return mask.length === number.length && [...mask].every((sign, place) => !/[\dX]/.test(sign) || sign === number[place]);
}

function oddities(who: Somebody, into: Tube): string {
  if (!who.person) return who.papers?.id_number && !who.papers.id_kind && !canBeRight(who.papers.id_number) ? said.value.numberOdd : "";
  const before = tubeWith(who.person);
  if (before) return before === into.code ? said.value.alreadyHere : said.value.already(before);
  const row = day.value?.parts.swab_people?.[String(who.person)];
  if (row?.kept && !atDoors()) return said.value.kept;
  const most = sizeFor(who.person);
  if (most && into.capacity > most) return said.value.wrongSize(most, into.capacity);
  return row?.exempt ? said.value.exempt : "";
}

function atDoors(): boolean {
  return walking.value || Boolean(day.value?.parts.points?.[point.value]?.doors);
}

/** How many share a tube where somebody lives, if their building is sealed today: the smallest area that says so. */
function sizeFor(person: number): number | undefined {
  const area = doors.value.find((door) => door.people.some((one) => one.id === person))?.area ?? "";
  const sizes = Object.entries(round.value?.[1].sizes ?? {}).filter(([sealed]) => area.startsWith(sealed));
  return sizes.sort(([one], [other]) => other.length - one.length)[0]?.[1];
}

function isOver(code: string): boolean {
  return Object.keys(day.value?.parts.lots ?? {}).some((lot) => lot.length > 3 && code.startsWith(clean(lot)));
}

export function say(sense: Sense, words: string, then?: () => Promise<void>): void {
  told.value = then ? { sense, words, then } : { sense, words };
  tell(sense);
  read(words, language.value);
}
