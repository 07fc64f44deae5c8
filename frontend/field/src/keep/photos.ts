/** Photographs of what happened, sealed, until the server has proved that it holds them. They wait for their events. */

import { uuid7 } from "../capture/ids";
import { kept, type Photo } from "./database";
import { deviceKey } from "./key";
import { sealBytes, unsealBytes } from "./sealing";

/** A photograph as it is kept with its event. */
export async function sealedPhoto(event: string, picture: Blob): Promise<Photo> {
  const at = Date.now();
  return { id: uuid7(at), event, at, state: "waiting", why: "", sealed: await sealBytes(await deviceKey(), await picture.arrayBuffer()) };
}

/** The photographs whose events the server holds, oldest first. */
export async function readyToSend(): Promise<string[]> {
  return kept.transaction("r", kept.waiting, kept.photos, async () => { // as of one moment: nothing is captured between the two looks
    const before = new Set(await kept.waiting.orderBy("id").keys());
    const found: string[] = [];
    await kept.photos.where("state").equals("waiting").each(({ id, event }) => before.has(event) || found.push(id));
    return found.sort();
  });
}

/** One of them as it was taken; nothing where it has gone meanwhile. */
export async function pictureOf(id: string): Promise<{ event: string; bytes: ArrayBuffer } | undefined> {
  const row = await kept.photos.get(id);
  return row && { event: row.event, bytes: await unsealBytes(await deviceKey(), row.sealed) };
}

/** What is not with the server, for the page that names it. */
export async function unsentPhotos(): Promise<Pick<Photo, "id" | "at" | "state" | "why">[]> {
  const found: Pick<Photo, "id" | "at" | "state" | "why">[] = [];
  await kept.photos.each(({ id, at, state, why }) => found.push({ id, at, state, why }));
  return found.sort((one, other) => one.at - other.at);
}

/** The server holds it: it may go from the phone. */
export async function photoConfirmed(id: string): Promise<void> {
  await kept.photos.delete(id);
}

/** The server could not make sense of it: kept until somebody has looked. */
export async function setPhotoAside(id: string, why: string): Promise<void> {
  await kept.photos.update(id, { state: "set_aside", why });
}
