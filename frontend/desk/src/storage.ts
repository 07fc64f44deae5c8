/** The storage of a phone, which may be full, forbidden or spoilt. */
/** What the phone keeps under a name; the other value where it keeps nothing, or nothing that can be read. */
export function read<T>(name: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? "null") as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps a value under a name; false where this phone keeps nothing. */
export function write(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
