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

/** Keeps the counts in step with what is kept, also with what another tab of the same phone does. */
export function watchCounts(): void {
  liveQuery(() => kept.transaction("r", kept.waiting, kept.photos, kept.facts, counted)).subscribe((now) => Object.assign(counts, now));
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

/** The server says that somebody has to be asked first. */
export async function leaveOpen({ event_id }: Captured): Promise<void> {
  await kept.waiting.where("id").equals(event_id).modify({ state: "open" });
}

/** What the server was being asked when the app was closed is sent as it was decided without it. */
export async function settleWhatWasAsked(): Promise<void> {
  await kept.waiting.where("state").equals("asking").modify({ state: "waiting" });
}

/** The server has stored this one by itself, outside a batch. */
export async function confirmedAlone({ event_id, seq }: Numbered): Promise<void> {
  await confirmed([event_id]);
  await kept.transaction("rw", kept.facts, async () => {
    await remember("alone", [...((await fact<number[]>("alone")) ?? []), seq]);
    await proved((await fact<number>("confirmedSeq")) ?? 0);
  });
}

/** The server has proved that it holds everything up to this number; what it confirmed alone meanwhile comes on top. */
export async function proved(highest: number): Promise<void> {
  await kept.transaction("rw", kept.facts, async () => {
    const alone = new Set((await fact<number[]>("alone")) ?? []);
    let top = highest;
    while (alone.has(top + 1)) top += 1;
    await remember("alone", [...alone].filter((seq) => seq > top));
    await remember("confirmedSeq", top);
  });
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

/** How many of these numbers neither the server nor the phone has; one that is still being asked about is only late. */
export async function lost(gaps: [first: number, last: number][]): Promise<number> {
  const counts = gaps.map(async ([first, last]) => last - first + 1 - (await kept.waiting.where("seq").between(first, last, true, true).count()));
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
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
