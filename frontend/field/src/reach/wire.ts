/** What phone and server say to each other: the shapes of the interface, in its own words. */

export type Outcome = "stored" | "duplicate" | "held" | "flagged" | "duplicate_differs" | "unreadable";

/** After these the phone may drop its own copy. */
export const HELD_BY_THE_SERVER: ReadonlySet<Outcome> = new Set(["stored", "duplicate", "held", "flagged"]);

export interface Answer {
  batch_id: string;
  outcome?: "" | "unreadable_batch";
  outcomes: { place: number; event_id: string | null; outcome: Outcome; reason?: string }[];
  highest_contiguous_seq: number;
  highest_seq: number;
  missing: [first: number, last: number][];
}

export interface Named {
  id: number;
  name: string;
}

export interface Device {
  device_id: string;
  workers: Named[];
  role: string;
  area_codes: string[];
  server_key: JsonWebKey;
}

/** What is owed: its kind, from when, by when. */
export type Owed = [kind: string, opens: string, due: string];

export interface DoorRow {
  area: string;
  compound?: string;
  building?: string;
  unit?: string;
  floor?: string;
  room?: string;
  empty?: boolean;
  owed?: Owed[];
  tried?: [outcome: string, at: string, again: string | null];
}

/** What is announced now: to be said, and handed over, at a door. */
export interface NoticeRow {
  place: number;
  title: string;
  body: string;
  changed?: string;
}

export interface PersonRow {
  door: number;
  name: string;
  relation?: string;
  sex?: string;
  born?: number;
  id_mask?: string;
  phone_mask?: string;
  helps?: string[];
  owed?: Owed[];
}

/** What holds until a moment; the last one holds on. */
export type Step = [decision: "admit" | "refuse" | "ask", code: string, until: string | null];

/** A pass. `gates` where it does not open all of them. */
export type PassRow = [number: string, kind: string, name: string, door: string, plate: string, into: Step[], out: Step[], gates?: string[]];

/** Somebody who lives here; the steps only where they are not the usual ones of the rules. */
export type KnownRow = [name: string, door: string, into?: Step[], out?: Step[]];

export interface GateRow {
  name: string;
  kind: "compound" | "road" | "place";
  area: string;
  on_duty_until: string | null;
}

export interface ExpectedRow {
  name: string;
  plate: string;
  people: number;
  host: number;
  door: string;
  from: string;
  until: string;
}

export interface GateRules {
  fever_c?: number | null;
  fever_comparison?: "from" | "above" | null;
  ask_again_below_c?: number | null;
  on_fever?: "turn_back" | "hold_aside" | null;
  fever_told?: { role: string; name: string; phone: string }[];
  outside_vehicles?: "admit" | "refuse";
  usual?: { in: Step[]; out: Step[] };
  kinds?: Record<string, { words: Record<string, string>; colour?: string; announced?: boolean }>;
}

/** Something that was asked for and waits for its door. `bag` is the number on the sealed bag of a medicine. */
export interface NeedRow {
  door: number;
  what: string;
  due: string;
  bag?: string;
}

/** A home that somebody still has to look at, and what the plan asks of it. */
export interface HomeRow {
  asks: string[];
}

export interface RoundRow {
  name: string;
  due: string;
  pools?: Record<string, number>;
  sizes?: Record<string, number>;
  hours?: number;
}

/** A tube of the last days, as the server knows it. */
export interface TubeRow {
  round?: string;
  capacity?: number;
  people?: number;
  opened?: string;
  closed?: string;
}

/** A stop of a team from door to door. `rank` 0 is urgent, 2 comes last; `made` since when the way holds, `tried` whether nobody was there since. */
export interface StopRow {
  tour: string;
  number: number;
  place: number;
  door: number;
  at: string;
  people: number;
  rank: number;
  made: string;
  tried: boolean;
}

export interface BoxRow {
  state: string;
  station?: string;
  count?: number;
  tubes?: string[];
  received?: string[];
}

export interface Parts {
  rounds?: Record<string, RoundRow>;
  points?: Record<string, { name: string; where?: string; doors?: boolean }>;
  swab_people?: Record<string, { swabbed?: [round: string, tube: string, at: string]; kept?: boolean; exempt?: boolean }>;
  tubes_seen?: Record<string, TubeRow>;
  boxes?: Record<string, BoxRow>;
  lots?: Record<string, string>;
  stops?: Record<string, StopRow>;
  gates?: Record<string, GateRow>;
  passes?: Record<string, PassRow>;
  known_people?: Record<string, KnownRow>;
  expected?: Record<string, ExpectedRow>;
  sentences?: Record<string, Record<string, [say: string, todo: string]>>;
  gate_rules?: GateRules;
  needs?: Record<string, NeedRow>;
  homes?: Record<string, HomeRow>;
  doors?: Record<string, DoorRow>;
  people?: Record<string, PersonRow>;
  workers?: Record<string, { name: string }>;
  rules?: {
    fever_c?: number | null;
    fever_comparison?: "from" | "above" | null;
    ask_again_below_c?: number | null;
    symptoms?: string[];
    photos?: string[];
  };
  words?: Record<string, Record<string, string>>;
  notices?: Record<string, NoticeRow>;
}

/** A phone's day: everything that it knows of its doors. */
export interface Day {
  version: string;
  made_at: string;
  parts: Parts;
}

/** Whether whoever has this day stands at a gate. */
export function hasGates(day: Day | null): boolean {
  return Object.keys(day?.parts.gates ?? {}).length > 0;
}

/** Whether whoever has this day takes swabs, or carries them. */
export function hasSamples(day: Day | null): boolean {
  return day?.parts.points !== undefined;
}

/** What comes over the line: whole, or only what changed since a version. */
export interface Package extends Omit<Day, "parts"> {
  parts?: Parts;
  since?: string;
  changed?: Partial<Record<keyof Parts, Record<string, unknown>>>;
  gone?: Partial<Record<keyof Parts, string[]>>;
}
