/** Something happened: made into an event, kept on the phone, then sent when there is a way. */

import { put, type Captured } from "../keep/outbox";
import { line, sendSoon } from "../reach/sending";
import { day, shift } from "../shift";
import { BOOT_ID, elapsed, uuid7 } from "./ids";

/** Answers the event's id once it lies safely on the phone, with its photographs. Throws where the phone is full: then nothing has happened. */
export async function capture(kind: string, payload: unknown, pictures: Blob[] = []): Promise<string> {
  const captured = made(kind, payload);
  await put(captured, "waiting", { pictures });
  sendSoon();
  return captured.event_id;
}

/** An event of this moment, not kept yet. */
export function made(kind: string, payload: unknown, decided: Partial<Captured> = {}): Captured {
  if (!shift.worker) throw new Error("nobody is working");
  const now = Date.now();
  return {
    event_id: uuid7(now),
    kind,
    worker: shift.worker.id,
    occurred_at: new Date(now).toISOString(),
    elapsed_ms: elapsed(),
    boot_id: BOOT_ID,
    offline: !line.reached || !navigator.onLine,
    decision: "",
    decision_basis: "",
    package_version: day.value?.version ?? "",
    scanned: "",
    payload,
    ...decided,
  };
}

/** It was told by mistake: a new event names the old one, whether or not that one was sent. */
export function undo(eventId: string): Promise<string> {
  return capture("undo", { of: eventId });
}
