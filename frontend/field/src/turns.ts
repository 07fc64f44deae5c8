/** One after the other: whoever reads twice at once, or taps on while the last touch is still being kept, must not count two. */

/** What is handed to it waits until everything before it is done, well or not. */
export function turns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
