/** What happened is kept here until the server has proved that it holds it. */

import { liveQuery } from "dexie";
import { reactive } from "vue";
import { fact, kept, remember, type Passed, type Waiting } from "./database";
import type { Device } from "../reach/wire";
import { deviceKey } from "./key";
import { sealedPhoto } from "./photos";
import { seal, unseal } from "./sealing";

/** An event as it was captured; its place in the sequence stands beside it. */
export interface Captured {
  event_id: string;
  kind: string;
  worker: number;
  occurred_at: string;
  elapsed_ms: number;
  boot_id: string;
  offline: boolean;
  decision: string;
  decision_basis: "" | "online" | "signed_pass" | "local_list" | "override";
  package_version: string;
  scanned: string;
  payload: unknown;
}

/** An event with its place in the sequence, as it is sent. */
export type Numbered = Captured & { seq: number; device_id: string };

/** What is kept together with an event. */
interface Beside {
  pictures?: Blob[];
  seen?: Promise<Passed>;
}

/** What the line at the bottom says. */
export const counts = reactive({ waiting: 0, photos: 0, setAside: 0, lastSeq: 0, confirmedSeq: 0, missing: 0 });

/** Nothing waits, and the server has confirmed the last thing that happened. */
export function allConfirmed(): boolean {
  return counts.waiting + counts.photos === 0 && counts.missing === 0 && counts.confirmedSeq >= counts.lastSeq;
}

/** Keeps the counts in step with what is kept, also with what another tab of the same phone does. Done once they are known: nobody reads that all is sent before anybody has looked. */
export function watchCounts(): Promise<void> {
  return new Promise((done, fail) => {
    liveQuery(() => kept.transaction("r", kept.waiting, kept.photos, kept.facts, counted)).subscribe((now) => {
      Object.assign(counts, now);
      done();
    }, fail);
  });
}

/** All at once: a guard scans again while the last one is still being counted. */
async function counted(): Promise<typeof counts> {
  const [waiting, aside, photos, photosAside, facts] = await Promise.all([
    kept.waiting.count(),
    kept.waiting.where("state").equals("set_aside").count(),
    kept.photos.count(),
    kept.photos.where("state").equals("set_aside").count(),
    kept.facts.bulkGet(["lastSeq", "confirmedSeq", "missing"]),
  ]);
  const [lastSeq, confirmedSeq, missing] = facts.map((one) => (one?.value as number | undefined) ?? 0) as [number, number, number];
  return { waiting: waiting - aside, photos: photos - photosAside, setAside: aside + photosAside, lastSeq, confirmedSeq, missing };
}

/**
 * Puts an event on the phone, whole, with the next number; only then has it happened for the worker who touched the button.
 * One about which the server or somebody at the gate is asked first is not sent with the others until it is settled. Its photographs,
 * and what the guard sees of it, are kept in the same moment, or nothing is.
 */
export async function put(captured: Captured, state: Waiting["state"] = "waiting", { pictures = [], seen }: Beside = {}): Promise<Numbered> {
  const sealed = await seal(await deviceKey(), captured);
  const photos = await Promise.all(pictures.map((one) => sealedPhoto(captured.event_id, one)));
  const passed = seen && (await seen);
  const seq = await kept.transaction("rw", kept.waiting, kept.facts, kept.photos, kept.passed, async () => {
    const next = ((await fact<number>("lastSeq")) ?? 0) + 1;
    const adding: Promise<unknown>[] = [kept.waiting.add({ seq: next, id: captured.event_id, kind: captured.kind, state, why: "", sealed }), remember("lastSeq", next)];
    if (photos.length) adding.push(kept.photos.bulkAdd(photos));
    if (passed) adding.push(kept.passed.put(passed));
    await Promise.all(adding);
    return next;
  });
  counts.lastSeq = Math.max(counts.lastSeq, seq); // from this moment the line does not say that all is sent
  return { ...captured, seq, device_id: await deviceId() };
}

/** It is decided: sent with the others from now on, as it is; what the guard sees of it changes in the same moment. */
export async function settle(captured: Captured, seen?: Passed): Promise<void> {
  const sealed = await seal(await deviceKey(), captured);
  await kept.transaction("rw", kept.waiting, kept.passed, async () => {
    await kept.waiting.where("id").equals(captured.event_id).modify({ state: "waiting", sealed });
    if (seen) await kept.passed.put(seen);
  });
}

/** The server says that somebody has to be asked first; what was decided meanwhile stays so. */
export async function leaveOpen({ event_id }: Captured): Promise<void> {
  await kept.waiting.where("id").equals(event_id).and(({ state }) => state === "asking").modify({ state: "open" });
}

/** What the server was being asked when the app was closed is sent as it was decided without it. */
export async function settleWhatWasAsked(): Promise<void> {
  await kept.waiting.where("state").equals("asking").modify({ state: "waiting" });
}

/** The server has stored this one by itself, outside a batch: in the same moment it waits no more and is known to be there. */
export async function confirmedAlone({ event_id, seq }: Numbered): Promise<void> {
  await kept.transaction("rw", kept.waiting, kept.facts, async () => {
    await confirmed([event_id]);
    const alone = [...(await heldAlone()), seq];
    await remember("alone", alone);
    await reach((await fact<number>("confirmedSeq")) ?? 0, alone);
  });
}

/** What the server holds beyond the numbers up to which it has proved everything. */
export async function heldAlone(): Promise<number[]> {
  return (await fact<number[]>("alone")) ?? [];
}

/** What the server said with a batch. `before`: what it held alone when it was asked; what came since it could not know of. */
interface Proof {
  highest: number;
  missing: Gap[];
  held: number[];
  before: number[];
}

type Gap = [first: number, last: number];

/**
 * The server has proved that it holds everything up to this number, and what else it holds. What it confirmed alone while this
 * answer was on its way comes on top; what it has lost since it confirmed it is missing.
 */
export async function proved({ highest, missing, held, before }: Proof): Promise<void> {
  await kept.transaction("rw", kept.waiting, kept.facts, async () => {
    const denied = new Set(before.filter((seq) => missing.some((gap) => isIn(gap, seq))));
    const alone = [...new Set([...(await heldAlone()), ...held])].filter((seq) => seq > highest && !denied.has(seq));
    await remember("alone", alone);
    await reach(highest, alone);
    await remember("missing", await lost(missing, alone));
  });
}

async function reach(highest: number, alone: number[]): Promise<void> {
  const there = new Set(alone);
  let top = highest;
  while (there.has(top + 1)) top += 1;
  await remember("confirmedSeq", top);
}

/** How many of these numbers neither the server nor the phone has; one that is still being asked about is only late. */
async function lost(gaps: Gap[], alone: number[]): Promise<number> {
  const counts = gaps.map(async (gap) => {
    const [first, last] = gap;
    const here = await kept.waiting.where("seq").between(first, last, true, true).count();
    return last - first + 1 - here - alone.filter((seq) => isIn(gap, seq)).length;
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

function isIn([first, last]: Gap, seq: number): boolean {
  return first <= seq && seq <= last;
}

/** The next things to send, oldest first. */
export async function next(most: number): Promise<Numbered[]> {
  const rows = await kept.waiting.orderBy("seq").filter(({ state }) => state === "waiting").limit(most).toArray();
  return Promise.all(rows.map(opened));
}

/** All that is not with the server, for the page that names them. */
export async function all(): Promise<(Numbered & Pick<Waiting, "state" | "why">)[]> {
  const rows = await kept.waiting.orderBy("seq").toArray();
  return Promise.all(rows.map(async (row) => ({ ...(await opened(row)), state: row.state, why: row.why })));
}

/** The server holds these: they may go from the phone. */
export async function confirmed(ids: string[]): Promise<void> {
  await kept.waiting.where("id").anyOf(ids).delete();
}

/** The server could not make sense of these: kept on both sides until somebody has looked. */
export async function setAside(ids: string[], why: string): Promise<void> {
  await kept.waiting.where("id").anyOf(ids).modify({ state: "set_aside", why });
  await kept.photos.where("event").anyOf(ids).modify({ state: "set_aside", why });
}

async function opened(row: Waiting): Promise<Numbered> {
  return { ...(await unseal<Captured>(await deviceKey(), row.sealed)), seq: row.seq, device_id: await deviceId() };
}

async function deviceId(): Promise<string> {
  return (await fact<Device>("device"))?.device_id ?? "";
}
