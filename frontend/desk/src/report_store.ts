/** What this phone holds: a form half filled, forms that wait for a network, receipts. Sent forms are forgotten. */
import { read, write } from "./storage";

export interface Waiting {
  id: string;
  place: string;
  body: string;
  at: number;
  stuck?: string;
}
export interface Receipt {
  receipt: string;
  own: string;
  at: number;
}

const OUTBOX = "report.outbox";
const RECEIPTS = "report.receipts";
const DRAFT_HOURS = 24;
const RECEIPT_DAYS = 30;
const HOUR_MS = 3_600_000;

/** Everything that has not arrived yet, oldest first. */
export function outbox(): Waiting[] {
  return read<Waiting[]>(OUTBOX, []);
}

/** Keeps a form until it has arrived; false where this phone keeps nothing. */
export function keep(one: Waiting): boolean {
  return write(OUTBOX, [...outbox().filter((other) => other.id !== one.id), one]);
}

/** Forgets a form. */
export function drop(id: string): void {
  write(OUTBOX, outbox().filter((one) => one.id !== id));
}

/** The receipts of this phone, the newest first. */
export function receipts(): Receipt[] {
  return read<Receipt[]>(RECEIPTS, []).filter((one) => Date.now() - one.at < RECEIPT_DAYS * 24 * HOUR_MS);
}

/** Keeps a receipt: a number and an address, nothing of what was said. */
export function keepReceipt(one: Receipt): void {
  write(RECEIPTS, [one, ...receipts().filter((other) => other.receipt !== one.receipt)].slice(0, 20));
}

/** Clears a receipt from this phone. */
export function forget(receipt: string): void {
  write(RECEIPTS, receipts().filter((one) => one.receipt !== receipt));
}

/** The form as far as it is filled in. */
export function saveDraft(place: string, body: string): void {
  write(`report.draft.${place}`, { body, at: Date.now() });
}

/** What was filled in here within a day; empty when nothing was. */
export function draft(place: string): string {
  const held = read<{ body: string; at: number } | null>(`report.draft.${place}`, null);
  return held && Date.now() - held.at < DRAFT_HOURS * HOUR_MS ? held.body : "";
}

/** The draft is sent or not wanted any more. */
export function clearDraft(place: string): void {
  try {
    localStorage.removeItem(`report.draft.${place}`);
  } catch {
    // a phone that keeps nothing has nothing to forget
  }
}
