/** What lies on the phone is sealed: a lost phone that is opened without its PIN shows nothing. */

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** A worker's lock: only their PIN opens the key under which their day is sealed. */
export interface Lock {
  salt: Uint8Array<ArrayBuffer>;
  wrapped: Sealed;
}

const AES = "AES-GCM";
const ROUNDS = 310_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A key that never leaves this browser. */
export function newDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
}

export function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  return sealBytes(key, encoder.encode(JSON.stringify(value)));
}

export async function unseal<Value>(key: CryptoKey, sealed: Sealed): Promise<Value> {
  return JSON.parse(decoder.decode(await unsealBytes(key, sealed))) as Value;
}

/** For what is no text: a photograph. */
export async function sealBytes(key: CryptoKey, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: AES, iv }, key, bytes) };
}

export function unsealBytes(key: CryptoKey, { iv, bytes }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: AES, iv }, key, bytes);
}

/** A new day key, and the lock that holds it until the PIN is told. */
export async function lockWith(pin: string): Promise<{ lock: Lock; key: CryptoKey }> {
  const fresh = await crypto.subtle.generateKey({ name: AES, length: 256 }, true, ["encrypt", "decrypt"]);
  const raw = await crypto.subtle.exportKey("raw", fresh);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({ name: AES, iv }, await fromPin(pin, salt), raw);
  return { lock: { salt, wrapped: { iv, bytes } }, key: await usable(raw) };
}

/** The day key, or nothing where the PIN is wrong. */
export async function openWith(pin: string, lock: Lock): Promise<CryptoKey | null> {
  try {
    const { iv, bytes } = lock.wrapped;
    return await usable(await crypto.subtle.decrypt({ name: AES, iv }, await fromPin(pin, lock.salt), bytes));
  } catch {
    return null;
  }
}

function usable(raw: ArrayBuffer): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
}

async function fromPin(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, material, { name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
}
