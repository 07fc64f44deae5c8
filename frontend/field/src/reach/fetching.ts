/** The day's work from the server: signed, whole or only what changed, kept under the worker's PIN. */

import { reactive } from "vue";
import { fact } from "../keep/database";
import { confirmedMarks, forgetMarks } from "../keep/marks";
import { day, keepDay, shift } from "../shift";
import { words } from "../words";
import { ask } from "./asking";
import { bytes } from "./base64";
import { Refused } from "./session";
import { heard } from "./time";
import type { Day, Device, Package, Parts } from "./wire";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Whether it is being fetched, and how the last try went. */
export const fetching = reactive({ busy: false, said: "" });

/** Takes what is new. Without a network the phone goes on with the day that it has. */
export async function fetchDay(): Promise<void> {
  if (fetching.busy) return;
  Object.assign(fetching, { busy: true, said: "" });
  try {
    while (!(await fetchOnce()));
  } catch (error) {
    fetching.said = (error instanceof Refused && error.message) || words.value.noAnswer;
  } finally {
    fetching.busy = false;
  }
}

/** Answers whether that was all: where somebody else opened the phone meanwhile, it is fetched for them, since their own asking found us busy. */
async function fetchOnce(): Promise<boolean> {
  const [held, worker] = [day.value, shift.worker];
  const known = await confirmedMarks();
  const answer = await ask(`package?since=${encodeURIComponent(held?.version ?? "")}`);
  await heard(answer.headers.get("X-Server-Time"));
  const fetched = answer.status === 304 ? null : await believed(answer);
  if (shift.worker !== worker || day.value !== held) return !shift.worker;
  if (!fetched) return true;
  if (await keepDay(fetched.parts ? (fetched as Day) : renewed(held!, fetched))) await forgetMarks(known);
  return true;
}

/** Only what our own server signed is believed. */
async function believed(answer: Response): Promise<Package> {
  const body = await answer.arrayBuffer();
  const signature = bytes(answer.headers.get("X-Signature") ?? "");
  const device = await fact<Device>("device");
  const key = await crypto.subtle.importKey("jwk", device!.server_key, ECDSA, false, ["verify"]);
  if (!(await crypto.subtle.verify(ECDSA, key, signature, body))) throw new Error("not signed by our server");
  return JSON.parse(new TextDecoder().decode(body)) as Package;
}

/** The day that is here, with what changed. */
function renewed(held: Day, fetched: Package): Day {
  if (fetched.since !== held.version) throw new Error("changes to another version");
  const parts: Record<string, Record<string, unknown>> = { ...(held.parts as object) };
  for (const [part, keys] of Object.entries(fetched.gone ?? {})) {
    parts[part] = { ...parts[part] };
    for (const key of keys) delete parts[part][key];
  }
  for (const [part, rows] of Object.entries(fetched.changed ?? {})) parts[part] = { ...parts[part], ...rows };
  return { version: fetched.version, made_at: fetched.made_at, parts: parts as Parts };
}
