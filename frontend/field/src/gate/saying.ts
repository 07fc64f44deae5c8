/** What a passage looks and sounds like to the guard. */

import type { Sense } from "../senses";
import { repeated } from "./coming";
import type { Past } from "./past";

const SENSES = { admit: "yes", refuse: "no", ask: "look" } as const;

export function senseOf({ state, admitted, verdict }: Past): Sense {
  if (repeated.value) return "look";
  if (state === "open") return SENSES[verdict.decision];
  return admitted ? "yes" : "no";
}

/** The code whose sentence is said: after something was asked and found out, the answer and no longer the question. */
export function codeOf({ state, admitted, verdict }: Past): string {
  if (state === "open" || verdict.decision !== "ask") return verdict.code;
  return admitted ? "pass" : "turned_back";
}
