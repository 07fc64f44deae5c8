/** Everything the phone keeps, sealed: what has happened and is not yet with the server, and each worker's day. */

import Dexie, { type EntityTable } from "dexie";
import type { Lock, Sealed } from "./sealing";

/** One thing that happened. `asking` the server, `open` for the worker to decide: neither is sent yet. `set_aside`: the server keeps it too, and somebody has to look. */
export interface Waiting {
  seq: number;
  id: string;
  kind: string;
  state: "asking" | "open" | "waiting" | "set_aside";
  why: string;
  sealed: Sealed;
}

/** A photograph of something that happened, until the server has it. */
export interface Photo {
  id: string;
  event: string;
  at: number;
  state: "waiting" | "set_aside";
  why: string;
  sealed: Sealed;
}

/** Somebody who works with this phone. */
export interface Worker {
  id: number;
  name: string;
  lock: Lock;
  day: Sealed | null;
  tries: number;
  lockedUntil: number;
}

/** Something done on this phone about a door or a person; ids alone, no names. `about` what was asked for and is there now. */
export interface Mark {
  id: string;
  kind: string;
  door: number;
  person: number;
  at: number;
  about?: string;
}

/** Who passed a gate, or was swabbed, on this phone, sealed: for taking back, for counting the shift, for whoever comes again. */
export interface Passed {
  id: string;
  at: number;
  sealed: Sealed;
}

/** A single thing to remember, by name. */
export interface Fact {
  name: FactName;
  value: unknown;
}

type FactName = "device" | "deviceKey" | "signingKey" | "lastSeq" | "confirmedSeq" | "missing" | "language" | "worker" | "ahead" | "watch" | "aside" | "alone" | "point";

class Kept extends Dexie {
  waiting!: EntityTable<Waiting, "seq">;
  workers!: EntityTable<Worker, "id">;
  facts!: EntityTable<Fact, "name">;
  marks!: EntityTable<Mark, "id">;
  passed!: EntityTable<Passed, "id">;
  swabs!: EntityTable<Passed, "id">;
  photos!: EntityTable<Photo, "id">;

  constructor() {
    super("shouwang-field");
    this.version(1).stores({ waiting: "seq, &id, state", workers: "id", facts: "name", marks: "id, at" });
    this.version(2).stores({ passed: "id, at" });
    this.version(3).stores({ swabs: "id, at" });
    this.version(4).stores({ photos: "id, event, state" });
  }
}

export const kept = new Kept();

export async function fact<Value>(name: FactName): Promise<Value | undefined> {
  return (await kept.facts.get(name))?.value as Value | undefined;
}

export async function remember(name: FactName, value: unknown): Promise<void> {
  await kept.facts.put({ name, value });
}

/** The phone was revoked, or given back: nothing stays. */
export async function forgetEverything(): Promise<void> {
  await Promise.all(kept.tables.map((table) => table.clear())); // whoever has it open elsewhere may put off what follows
  await kept.delete();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of (await navigator.serviceWorker?.getRegistrations?.()) ?? []) await worker.unregister();
}
