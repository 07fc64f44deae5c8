/** Who comes to the gate, by whatever they show: a code, a number, a plate, a door and a face, an announced visit, a need for help. */

import { ref } from "vue";
import { now } from "../reach/time";
import { stir } from "../shift";
import { turns } from "../turns";
import { withHeat } from "./heat";
import { cardByPlate, cardOf, expected, rules, type Expected, type Known } from "./list";
import { gate, onWatch, ready } from "./onwatch";
import type { Came, Done, Who } from "./came";
import { arrive, note, shown, takeBack } from "./passing";
import type { Past } from "./past";
import { find, judge, judgeKnown, livesHere, type Found, type Verdict } from "./verdict";

const TWICE_MS = 60_000;
const SAME_PERSON_MS = 180_000;
const WHO: Record<string, Who> = { resident: "resident", household: "resident", supplier: "supplier", worker: "worker", visitor: "visitor" };

/** The code that was just scanned had been scanned a moment before: shown again, and counted once. */
export const repeated = ref(false);

const inTurn = turns();

/** A code from the camera, a scanner or the keypad. One after the other: a scanner that reads twice at once must not count two. */
export function comeByCode(scanned: string, { sure = false } = {}): Promise<void> {
  return inTurn(() => come(scanned, sure));
}

async function come(scanned: string, sure: boolean): Promise<void> {
  const before = shown.value;
  const found = await find(scanned);
  if (before && !sure && isTheSame(before, scanned, found)) {
    repeated.value = true;
    shown.value = { ...before };
  } else await comeAs(found, scanned);
}

/** Somebody who lives here and shows nothing. `sure`: the guard knows the face. */
export async function comeByFace(one: Known, { sure = false } = {}): Promise<void> {
  const verdict = judgeKnown(one, onWatch.value!.direction);
  const standing = { came: came("resident", { person: one.id }), label: `${one.door} ${one.name}`, verdict };
  if (sure && verdict.decision === "ask" && verdict.code === "by_door") {
    await tell(standing.came, standing.label, { ...verdict, code: "known" }, "ask_admit");
  } else await stand(standing.came, standing.label, verdict, true);
}

/** Whoever passed here before, by one tap: with the pass that they showed, or by their face. */
export async function comeAgain({ came: before, label }: Past, people: Known[]): Promise<void> {
  const one = people.find(({ id }) => id === before.person);
  if (one) return comeByFace(one, { sure: true });
  await comeAs({ card: cardOf(before.pass ?? "") }, "", label);
}

/** A car with whoever sits in it. */
export async function comeByCar(plate: string, kind: Who, more: Partial<Came>): Promise<void> {
  const card = cardByPlate(plate);
  const visit = expected.value.find((one) => one.plate && one.plate === plate && isNow(one));
  if (visit) return comeExpected(visit, more);
  const verdict = card ? judge({ card }, onWatch.value!.direction, gate.value!) : ofStrangers({ car: true });
  await stand(came(kind, { plate, pass: card?.id, ...more }), [plate, card?.door].filter(Boolean).join(" "), verdict, livesHere(card));
}

/** A visitor whom a household has announced. */
export async function comeExpected(visit: Expected, more: Partial<Came> = {}): Promise<void> {
  const who = came("visitor", { expected: visit.id, host: visit.host, people: visit.people || 1, plate: visit.plate || undefined, ...more });
  const verdict: Verdict = isNow(visit) ? ofGuests(visit) : ofStrangers();
  await stand(who, `${visit.name} → ${visit.door}`, verdict);
}

/** Somebody whom no list names. */
export function comeUnknown(kind: Who, label: string, more: Partial<Came>): Promise<void> {
  return stand(came(kind, more), label, ofStrangers());
}

/** The guard's own word about somebody whom no list names: a bus, or turned back with a reason. */
export function settle(kind: Who, label: string, code: string, done: Done, more: Partial<Came>): Promise<void> {
  return tell(came(kind, more), label, { decision: done.endsWith("admit") ? "admit" : "refuse", code, basis: "local_list" }, done);
}

/** Whoever needs a doctor goes, without a question; who it was, if they were stopped a moment ago, is known already. */
export async function medicalExit(label: string): Promise<void> {
  const before = shown.value;
  const same = before && !before.admitted && Date.now() - before.at < SAME_PERSON_MS ? before : null;
  if (same) await takeBack(same);
  const who = { ...(same?.came ?? came("resident", {})), direction: "out" as const, medical: true };
  await tell(who, same?.label || label, { decision: "admit", code: "medical_exit", basis: "local_list" }, "admit");
}

/** Police, fire, ambulance, repairs: always. */
export function emergency(label: string, more: Partial<Came>): Promise<void> {
  return tell(came("emergency", more), label, { decision: "admit", code: "emergency", basis: "local_list" }, "admit");
}

/** The same pass, the same way, within a minute: a scanner that read twice, or a second person with it. */
function isTheSame({ at, came: who, scanned: text }: Past, scanned: string, found: Found): boolean {
  const pass = found.card?.id ?? found.token?.id;
  const same = text === scanned || (pass !== undefined && pass === who.pass);
  return same && who.direction === onWatch.value?.direction && Date.now() - at < TWICE_MS;
}

async function comeAs(found: Found, scanned: string, label = nameOf(found)): Promise<void> {
  const verdict = judge(found, onWatch.value!.direction, gate.value!);
  const pass = found.card?.id ?? found.token?.id;
  const unknown = !pass && !found.forged; // who it is will be asked, and a resident without papers is the likeliest
  const kind = WHO[found.card?.kind ?? found.token?.kind ?? ""] ?? (unknown ? "resident" : "outsider");
  const plate = found.card?.plate || undefined;
  await stand(came(kind, { pass, plate }), label, verdict, livesHere(found.card), scanned);
}

/** Out goes whoever came in; in is asked about, unless the plan lets no strange car in. */
function ofStrangers({ car = false } = {}): Verdict {
  const basis = "local_list";
  if (onWatch.value!.direction === "out") return { decision: "admit", code: "pass", basis };
  if (gate.value!.kind !== "compound") return { decision: "ask", code: "by_door", basis };
  if (car && rules.value.outside_vehicles === "refuse") return { decision: "refuse", code: "outside_vehicle", basis };
  return { decision: "ask", code: "announce", basis };
}

/** Whoever is announced is handed over to the host at the gate, unless the plan lets them in at once. */
function ofGuests({ until }: Expected): Verdict {
  const fetched = rules.value.kinds?.visitor?.announced && onWatch.value!.direction === "in";
  const [decision, code] = fetched ? (["ask", "fetched"] as const) : (["admit", "expected"] as const);
  return { decision, code, basis: "local_list", until };
}

async function stand(who: Came, label: string, verdict: Verdict, home = false, scanned = ""): Promise<void> {
  stir();
  repeated.value = false;
  const seen = withHeat(verdict, who.temperature_c ?? null, who.second_c ?? null, rules.value, home);
  await arrive({ came: who, label, verdict: seen, scanned });
}

async function tell(who: Came, label: string, verdict: Verdict, done: Done): Promise<void> {
  stir();
  repeated.value = false;
  await note({ came: who, label, verdict }, done);
}

/** The readings that were taken before go with whoever comes now, and with nobody after. */
function came(kind: Who, more: Partial<Came>): Came {
  const { first, second } = ready;
  Object.assign(ready, { first: "", second: "" });
  return {
    gate: gate.value!.id, direction: onWatch.value!.direction, kind, people: 1,
    temperature_c: first || undefined, second_c: second || undefined, ...more,
  }; // prettier-ignore
}

function nameOf({ card }: Found): string {
  return card ? [card.door, card.name, card.plate].filter(Boolean).join(" ") : "";
}

function isNow({ from, until }: Expected): boolean {
  return Date.parse(from) <= now() && now() < Date.parse(until);
}

