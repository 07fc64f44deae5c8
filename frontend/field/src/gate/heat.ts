/** What a reading means for the next minute: a cold forehead is read again indoors, a warm one again in the shade. */

import type { GateRules } from "../reach/wire";
import type { Verdict } from "./verdict";

const COLDEST = 34;
const WARMEST = 43;

export type Heat = "none" | "cold" | "fine" | "fever";

/** Units: °C, as it is typed. */
export function heatOf(typed: string, rules: Pick<GateRules, "fever_c" | "fever_comparison" | "ask_again_below_c">): Heat {
  const degrees = Number(typed);
  if (!(degrees >= COLDEST && degrees <= WARMEST)) return "none";
  const { fever_c, fever_comparison, ask_again_below_c } = rules;
  if (fever_c != null && (fever_comparison === "above" ? degrees > fever_c : degrees >= fever_c)) return "fever";
  return ask_again_below_c != null && degrees < ask_again_below_c ? "cold" : "fine";
}

/** The verdict with the readings looked at: nobody who lives here is turned back for one, nobody who needs a doctor waits for it. */
export function withHeat(verdict: Verdict, first: string | null, second: string | null, rules: GateRules, livesHere: boolean): Verdict {
  if (verdict.decision === "refuse" || verdict.code === "medical_exit" || !first) return verdict;
  const heat = heatOf(second ?? first, rules);
  const turn = (decision: Verdict["decision"], code: string): Verdict => ({ ...verdict, decision, code });
  if (heat === "fever" && second === null) return turn("ask", "fever_again");
  if (heat === "fever") return rules.on_fever === "turn_back" && !livesHere ? turn("refuse", "aside_outside") : turn("ask", "aside");
  return heat === "cold" && second === null && verdict.decision === "admit" ? turn("ask", "cold_again") : verdict;
}
