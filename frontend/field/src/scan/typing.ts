/** A scanner that types: a burst of keys faster than any hand, ended by Enter. */

const FASTER_THAN_A_HAND_MS = 50;
const SHORTEST = 4;

/** Tells each code; answers how to stop listening. Keys typed by a hand into a field are left alone. */
export function listen(tell: (code: string) => void): () => void {
  let burst = "";
  let lastAt = 0;
  const onKey = (key: KeyboardEvent): void => {
    if (key.target instanceof HTMLInputElement || key.target instanceof HTMLTextAreaElement) return;
    if (key.timeStamp - lastAt > FASTER_THAN_A_HAND_MS) burst = "";
    lastAt = key.timeStamp;
    if (key.key === "Enter") {
      if (burst.length >= SHORTEST) {
        key.preventDefault();
        tell(burst);
      }
      burst = "";
    } else if (key.key.length === 1) burst += key.key;
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
