/** Codes as scanners read them, made plain as the server does it: the same label is always the same tube. */

const STRANGE = /[^0-9A-Z\-_./+]/g;
const EMPTY = new Set(["", "NULL", "UNDEFINED", "NONE", "NAN"]);
const LONGEST = 40;
const PERSON = /^SWP:(\d{1,15})\.(\d{2})$/;
const CHECKED_BY = 97;
const ID_NUMBER = /^\d{17}[\dX]$|^\d{15}$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";

/** Half-width capitals without blanks and whatever no label carries; empty where nothing is left. */
export function clean(scanned: string): string {
  const code = scanned.normalize("NFKC").toUpperCase().replace(STRANGE, "").slice(0, LONGEST);
  return EMPTY.has(code) ? "" : code;
}

/** The row in a resident's code, where it is one. */
export function personOf(scanned: string): number | null {
  const found = PERSON.exec(scanned.normalize("NFKC").trim().toUpperCase());
  const row = Number(found?.[1] ?? 0);
  return found && row % CHECKED_BY === Number(found[2]) ? row : null;
}

/** A number read from an identity card, where it is one. */
export function idNumberOf(scanned: string): string | null {
  const plain = scanned.normalize("NFKC").trim().toUpperCase();
  return ID_NUMBER.test(plain) ? plain : null;
}

/** Whether an identity number can be right: a day that there was, and the check digit of eighteen; the fifteen of old have none. */
export function canBeRight(written: string): boolean {
  const number = idNumberOf(written);
  if (!number) return false;
  const born = number.length === 18 ? number.slice(6, 14) : `19${number.slice(6, 12)}`;
  const day = `${born.slice(0, 4)}-${born.slice(4, 6)}-${born.slice(6)}`;
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) return false;
  const sum = WEIGHTS.reduce((all, weight, place) => all + weight * Number(number[place]), 0);
  return number.length === 15 || CHECK[sum % 11] === number[17];
}
