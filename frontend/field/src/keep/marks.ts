/** What was done on this phone since the day was fetched, so that a door counts as done before the server has said so. */

import { liveQuery } from "dexie";
import { shallowRef } from "vue";
import { kept, type Mark } from "./database";

/** All marks, newest last. */
export const marks = shallowRef<Mark[]>([]);

export function watchMarks(): void {
  liveQuery(() => kept.marks.orderBy("at").toArray()).subscribe((now) => (marks.value = now));
}

/** The event itself is kept by now: where there is no room for its mark, the door only stays in the walk. */
export async function mark(made: Mark): Promise<void> {
  await kept.marks.put(made).catch(() => undefined);
}

export async function unmark(eventId: string): Promise<void> {
  await kept.marks.delete(eventId);
}

/** The marks whose events the server already holds: a day that is asked for now knows of them by itself. */
export async function confirmedMarks(): Promise<string[]> {
  const waiting = new Set(await kept.waiting.orderBy("id").keys());
  return (await kept.marks.toArray()).map((one) => one.id).filter((id) => !waiting.has(id));
}

export async function forgetMarks(ids: string[]): Promise<void> {
  await kept.marks.bulkDelete(ids);
}
