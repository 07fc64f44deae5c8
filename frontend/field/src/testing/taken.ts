/** Who was swabbed on this phone into which tube, sealed like everything that happened: it outlives a closed page. */

import { computed, shallowRef } from "vue";
import { kept } from "../keep/database";
import { deviceKey } from "../keep/key";
import { seal, unseal } from "../keep/sealing";
import { day } from "../shift";

const KEPT_MS = 36 * 3600_000;
const AGAIN = "testing.resample";

/** One swab, or a tube that was closed (`person` and `label` empty). */
export interface Taken {
  id: string;
  at: number;
  tube: string;
  capacity: number;
  person: number;
  label: string;
  closed: boolean;
}

export const taken = shallowRef<Taken[]>([]);

export async function loadTaken(): Promise<void> {
  await kept.swabs.where("at").below(Date.now() - KEPT_MS).delete();
  const key = await deviceKey();
  const rows = await kept.swabs.orderBy("at").toArray();
  taken.value = await Promise.all(rows.map((row) => unseal<Taken>(key, row.sealed)));
}

export async function keepTaken(one: Taken): Promise<void> {
  taken.value = [...taken.value, one];
  await kept.swabs.put({ id: one.id, at: one.at, sealed: await seal(await deviceKey(), one) }).catch(() => undefined);
}

export async function dropTaken(id: string): Promise<void> {
  taken.value = taken.value.filter((one) => one.id !== id);
  await kept.swabs.delete(id);
}

/** A tube as this phone knows it: what the list said, and what was done here since. */
export interface Tube {
  code: string;
  round: string;
  capacity: number;
  people: number;
  openedAt: number;
  closed: boolean;
  here: Taken[];
}

export const round = computed(() => Object.entries(day.value?.parts.rounds ?? {})[0] ?? null);

export function tubeOf(code: string, capacity: number): Tube {
  const seen = day.value?.parts.tubes_seen?.[code];
  const here = taken.value.filter((one) => one.tube === code && one.label);
  const first = here[0]?.at ?? Date.now();
  const madeAt = Date.parse(day.value?.made_at ?? "") || 0;
  const since = here.filter((one) => !seen || one.at > madeAt).length; // the others are in the list already
  return {
    code,
    round: seen?.round ?? "",
    capacity: here[0]?.capacity ?? (seen?.capacity || capacity),
    people: (seen?.people ?? 0) + since,
    openedAt: Math.min(first, Date.parse(seen?.opened ?? "") || first),
    closed: Boolean(seen?.closed) || taken.value.some((one) => one.tube === code && one.closed),
    here,
  };
}

/** In which tube somebody is in this round: by this phone, or by the list. Whose tube has to be taken again is in none since then. */
export function tubeWith(person: number): string {
  const again = day.value?.parts.people?.[String(person)]?.owed?.find(([kind]) => kind === AGAIN);
  const since = again ? Date.parse(again[1]) : 0;
  const own = taken.value.find((one) => one.person === person && one.at >= since);
  if (own) return own.tube;
  const swabbed = day.value?.parts.swab_people?.[String(person)]?.swabbed;
  return swabbed && swabbed[0] === round.value?.[0] && Date.parse(swabbed[2]) >= since ? swabbed[1] : "";
}
