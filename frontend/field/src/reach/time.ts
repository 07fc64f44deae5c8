/** The hour as the server has it: what a page shows goes by it, what is captured keeps the phone's own clock as claimed. */

import { fact, remember } from "../keep/database";

let ahead = 0;

/** Takes up what was learnt before; a phone that starts without a network still knows. */
export async function beginCounting(): Promise<void> {
  ahead = (await fact<number>("ahead")) ?? 0;
}

/** The server said what time it is. */
export async function heard(serverTime: string | null): Promise<void> {
  const told = Date.parse(serverTime ?? "");
  if (Number.isNaN(told)) return;
  ahead = told - Date.now();
  await remember("ahead", ahead);
}

/** Milliseconds since 1970, by the server's clock. */
export function now(): number {
  return Date.now() + ahead;
}
