/** UUIDs of version 7, made where the thing happens: they sort by time, and within one millisecond by the order of their making. */

let lastAt = 0;
let inThisMillisecond = 0;

/** A new id for something that happened now. */
export function uuid7(now: number = Date.now()): string {
  const at = Math.max(now, lastAt); // a clock that is put back does not turn the order round
  inThisMillisecond = at === lastAt ? inThisMillisecond + 1 : 0;
  lastAt = at;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place++) bytes[place] = Math.floor(at / 2 ** (8 * (5 - place))) & 0xff;
  bytes[6] = 0x70 | ((inThisMillisecond >> 8) & 0x0f);
  bytes[7] = inThisMillisecond & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** One per start of the page: a browser knows no more of when the phone was switched on. */
export const BOOT_ID = uuid7();

/** Milliseconds since this start, by a clock that nobody can put back. */
export function elapsed(): number {
  return Math.round(performance.now());
}
