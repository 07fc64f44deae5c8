/** Photographs go one by one, after the events that they are of; one that does not get through holds back nothing else. */

import { photoConfirmed, pictureOf, readyToSend, setPhotoAside } from "../keep/photos";
import { Answered, ask, TooLarge } from "./asking";
import { HELD_BY_THE_SERVER, type Outcome } from "./wire";

const PATIENCE_MS = 60_000;

/** Sends the next that was not `tried` in this run. Answers whether there may be more. Throws where there is no way to the server. */
export async function sendPhoto(tried: Set<string>): Promise<boolean> {
  const id = (await readyToSend()).find((one) => !tried.has(one));
  if (!id) return false;
  tried.add(id);
  const outcome = await tell(id);
  if (outcome && HELD_BY_THE_SERVER.has(outcome)) await photoConfirmed(id);
  else if (outcome) await setPhotoAside(id, outcome);
  return true;
}

/** What became of it; nothing where the server does not want it yet. */
async function tell(id: string): Promise<Outcome | undefined> {
  const photo = await pictureOf(id);
  if (!photo) return undefined;
  const question = { body: photo.bytes, headers: { "Content-Type": "image/jpeg" }, signal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const answer = await ask(`photos?photo=${id}&event=${photo.event}`, question);
    const said = (await answer.json()) as { photo_id?: string; outcome: Outcome };
    if (said.photo_id !== id) throw new Error("somebody else answered"); // a captive portal
    return said.outcome;
  } catch (error) {
    if (error instanceof TooLarge) return "unreadable";
    if (error instanceof Answered && error.status === 422) return undefined;
    throw error;
  }
}
