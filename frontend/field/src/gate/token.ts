/** What a pass says of itself: believed only where our own server signed it, whether or not any list ever arrived. */

import { fact } from "../keep/database";
import { bytes } from "../reach/base64";
import type { Device } from "../reach/wire";

export const MARK = "SW1:";
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HEX = /^[0-9a-f]{32}$/;
const AREA = /^(\d{6}|\d{9}|\d{12}|\d{14}|\d{17}|\d{19}|\d{23})$/;
const LAST_SECOND = 253_370_764_800; // of the year 9999

/** A pass by its own words. Units: seconds since 1970; `until` is exclusive. */
export interface Token {
  id: string;
  kind: string;
  area: string;
  from: number;
  until: number;
}

interface Claims {
  p: string;
  k: string;
  a: string;
  f: number;
  u: number;
}

let key: Promise<CryptoKey> | null = null;

/** What was scanned, where it is a pass of ours; nothing where it is forged, altered, or something else. */
export async function read(scanned: string): Promise<Token | null> {
  const text = scanned.trim();
  if (!text.startsWith(MARK)) return null;
  try {
    const claims = await signed(text.slice(MARK.length));
    return claims && { id: claims.p, kind: claims.k, area: claims.a, from: claims.f, until: claims.u };
  } catch {
    return null;
  }
}

/** What a gate that knows nothing else may believe of it. Units: `at` in milliseconds since 1970. */
export function stateOf(token: Token, at: number): "good" | "not_yet" | "over" {
  if (at < token.from * 1000) return "not_yet";
  return at < token.until * 1000 ? "good" : "over";
}

async function signed(jwt: string): Promise<Claims | null> {
  const [head, body, signature, more] = jwt.split(".");
  if (!head || !body || !signature || more !== undefined) return null;
  if ((parsed(head) as { alg?: unknown }).alg !== "ES256") return null;
  const held = await crypto.subtle.verify(ECDSA, await ourKey(), bytes(signature), new TextEncoder().encode(`${head}.${body}`));
  const claims = parsed(body);
  return held && isWhole(claims) ? claims : null;
}

/** The key that this phone was given when it came in, read once; asked for early, so that the first code does not wait for it. */
export function ourKey(): Promise<CryptoKey> {
  key ??= fact<Device>("device").then((device) => crypto.subtle.importKey("jwk", device!.server_key, ECDSA, false, ["verify"]));
  return key;
}

function isWhole(said: unknown): said is Claims {
  const { p, k, a, f, u } = said as Record<string, unknown>;
  return typeof p === "string" && HEX.test(p) && typeof k === "string" && typeof a === "string" && AREA.test(a) && isMoment(f) && isMoment(u);
}

function isMoment(seconds: unknown): boolean {
  return Number.isInteger(seconds) && (seconds as number) >= 0 && (seconds as number) < LAST_SECOND;
}

function parsed(part: string): unknown {
  return JSON.parse(new TextDecoder().decode(bytes(part)));
}
