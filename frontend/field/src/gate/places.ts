/** Where people came from and went to, as it was last typed on this phone: nobody types the same town twice. */

import { computed } from "vue";
import { past } from "./past";
import type { Came } from "./came";

const MOST = 6;
const FEW = 3;

function lately(of: (came: Came) => string | undefined): string[] {
  return [...new Set(past.value.map(({ came }) => of(came) ?? "").filter(Boolean))].slice(0, MOST);
}

export const froms = computed(() => lately(({ from_place }) => from_place));
export const tos = computed(() => lately(({ to_place }) => to_place));
export const plates = computed(() => lately(({ plate }) => plate).slice(0, FEW));
