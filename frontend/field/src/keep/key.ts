/** The key of this browser under which everything that happened lies: read once, since a guard scans every four seconds. */

import { fact } from "./database";

let read: Promise<CryptoKey> | null = null;

export function deviceKey(): Promise<CryptoKey> {
  read ??= fact<CryptoKey>("deviceKey").then(
    (key) => key ?? Promise.reject(new Error("this phone is not registered")),
  );
  read.catch(() => (read = null));
  return read;
}
