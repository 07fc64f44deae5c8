/** Something is done that has to be kept: where the phone is full nothing has happened, and that is said aloud. */

import { ref, type Ref } from "vue";
import { tell } from "../senses";

export function aloud(): { full: Ref<boolean>; doing: (work: Promise<unknown>) => Promise<void> } {
  const full = ref(false);
  async function doing(work: Promise<unknown>): Promise<void> {
    full.value = false;
    await work.catch(() => {
      full.value = true;
      tell("no");
    });
  }
  return { full, doing };
}
