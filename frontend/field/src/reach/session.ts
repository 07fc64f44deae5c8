/** Who asks: a key pair that was made on this phone and never leaves it. No clock of the phone has a say. */

import { fact, forgetEverything, remember } from "../keep/database";
import { newDeviceKey } from "../keep/sealing";
import type { Device } from "./wire";

/** The server said no to this phone, in a sentence for whoever holds it. */
export class Refused extends Error {
  constructor(readonly code: string, sentence: string) {
    super(sentence);
  }
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const PATIENCE_MS = 20_000;
const encoder = new TextEncoder();

let current = "";

/** A word for the next questions; a new one where the last is not believed any more. Throws Refused. */
export async function token({ fresh = false } = {}): Promise<string> {
  if (fresh || !current) current = (await signed<{ token: string }>("session")).token;
  return current;
}

/** Lets this phone in by a code that works once. A phone that was here before comes back as itself, with its events. */
export async function enrol(code: string, tail: string): Promise<Device> {
  const digits = code.replace(/\D/g, "");
  const keys = (await fact<CryptoKeyPair>("signingKey")) ?? (await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]));
  await remember("signingKey", keys); // kept before it is told: an answer that is lost can be asked for again
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  const proof = await sign(`shouwang-enrol.${digits}`, keys);
  const device = await post<Device>("enrol", { code: digits, tail, key: { kty, crv, x, y }, proof, label: "" });
  if (!(await fact("deviceKey"))) await remember("deviceKey", await newDeviceKey());
  await remember("device", device);
  current = "";
  return device;
}

/** The server asked for it: everything goes, and the server is told so with the key that goes last. */
async function wipe(): Promise<void> {
  await signed("session/wiped").catch(() => undefined);
  await forgetEverything();
  location.replace("/field/#/enrol?gone=1");
  location.reload();
}

async function signed<Shape>(path: string): Promise<Shape> {
  const device = await fact<Device>("device");
  const keys = await fact<CryptoKeyPair>("signingKey");
  if (!device || !keys) throw new Refused("not enrolled", "");
  const { question } = await post<{ question: string }>("session/question", { device_id: device.device_id });
  const signature = await sign(`shouwang-session.${question}`, keys);
  try {
    return await post<Shape>(path, { device_id: device.device_id, question, signature });
  } catch (error) {
    if (error instanceof Refused && error.code === "api.wipe" && path === "session") await wipe();
    throw error;
  }
}

async function sign(message: string, keys: CryptoKeyPair): Promise<string> {
  const raw = await crypto.subtle.sign(ECDSA, keys.privateKey, encoder.encode(message));
  return btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function post<Shape>(path: string, body: unknown): Promise<Shape> {
  const answer = await fetch(`/api/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as Shape;
  const said = (await answer.json().catch(() => null)) as { code?: string; sentence?: string } | null;
  if (said?.code && answer.status < 429) throw new Refused(said.code, said.sentence ?? "");
  throw new Error(`answered ${answer.status}`);
}
