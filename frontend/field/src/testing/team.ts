/** A team from door to door: its stops in their order, who is still to be swabbed there, and what else is due. */

import { computed, ref } from "vue";
import { capture } from "../capture/capturing";
import { doorOf, left, type Door, type Person } from "../doors";
import type { Mark } from "../keep/database";
import { mark, marks } from "../keep/marks";
import type { Owed, StopRow } from "../reach/wire";
import { day } from "../shift";
import { tubeWith } from "./taken";

const AT_THE_DOOR = ["testing.door_swab", "testing.urgent", "testing.resample"];
const SWABS = [...AT_THE_DOOR, "testing.swab"];
const NOBODY_HOME = "testing.nobody_home";

/** One door of the tour. */
export interface Card {
  stop: StopRow;
  door: Door;
  people: Person[];
  waiting: Person[];
  others: Owed[];
  lookedFor: boolean;
}

/** Which of the teams carries this phone; the first one until somebody says so. */
export const number = ref(0);

export const tours = computed(() => [...new Set(stops().map((one) => one.number))].sort((one, other) => one - other));

const own = computed(() => stops().filter((one) => one.number === (number.value || tours.value[0])));

/** Since when the team's way holds. */
export const madeAt = computed(() => own.value[0]?.made ?? "");

/** The doors of the team, those at which nobody was at the end until the way is laid out again; a door that is done stays in its place. */
export const cards = computed<Card[]>(() => {
  const found = [...own.value].sort((one, other) => one.place - other.place).flatMap((stop) => card(stop) ?? []);
  return [...found.filter((one) => !one.lookedFor), ...found.filter((one) => one.lookedFor)];
});

/** Nobody was there: the team comes again, and whoever lays the tours out knows. */
export async function nobodyHome(door: number): Promise<void> {
  const id = await capture(NOBODY_HOME, { household: door });
  await mark({ id, kind: NOBODY_HOME, door, person: 0, at: Date.now() });
}

function card(stop: StopRow): Card | undefined {
  const door = doorOf(stop.door);
  if (!door) return undefined;
  const owes = (one: Person): boolean => (one.owed ?? []).some(([kind]) => AT_THE_DOOR.includes(kind));
  const people = door.people.filter((one) => owes(one) || tubeWith(one.id));
  const waiting = people.filter((one) => !tubeWith(one.id));
  const others = (left.value.get(door.id) ?? []).filter(([kind]) => !SWABS.includes(kind));
  const since = Date.parse(stop.made);
  const here = (one: Mark): boolean => one.kind === NOBODY_HOME && one.door === door.id && one.at > since;
  const lookedFor = waiting.length > 0 && (stop.tried || marks.value.some(here));
  return { stop, door, people, waiting, others, lookedFor };
}

function stops(): StopRow[] {
  return Object.values(day.value?.parts.stops ?? {});
}
