/** Whether somebody may pass, looked up in at most two places: what the pass says of itself, and what the list says of it. Whichever says no wins. */

import { now } from "../reach/time";
import { cardByNumber, cardByPlate, cardOf, stepAt, type Card, type Direction, type Gate, type Known } from "./list";
import { MARK, read, stateOf, type Token } from "./token";

export type Decision = "admit" | "refuse" | "ask";

/** What the guard does and why; on whose word. */
export interface Verdict {
  decision: Decision;
  code: string;
  basis: "online" | "signed_pass" | "local_list" | "override";
  until?: string | null;
  copied?: boolean;
}

/** Whom a code turned out to be, as far as this phone knows. */
export interface Found {
  card?: Card;
  token?: Token;
  forged?: boolean;
}

/** Whom a code, a pass number or a plate names. */
export async function find(scanned: string): Promise<Found> {
  const text = scanned.trim();
  if (!text.startsWith(MARK)) return { card: cardByNumber(text) ?? cardByPlate(text) };
  const token = await read(text);
  return token ? { token, card: cardOf(token.id) } : { forged: true };
}

const AT_HOME = new Set(["home", "by_door", "fetch_worker"]);

/** Whether whoever shows this pass lives behind the gate, as their way in says. */
export function livesHere(card: Pick<Card, "steps"> | undefined, at: number = now()): boolean {
  return AT_HOME.has((card && stepAt(card.steps.in, at)?.[1]) ?? "");
}

/** The verdict about a pass at this gate. */
export function judge({ card, token, forged }: Found, direction: Direction, gate: Gate, at: number = now()): Verdict {
  if (forged) return { decision: "refuse", code: "forged", basis: "signed_pass" };
  const listed = card && (opens(card, gate) ? byList(card, direction, at) : forAnother(card, direction, at));
  const own = token && byItself(token, direction, gate.area, at);
  if (!listed) return own ?? { decision: "ask", code: "by_door", basis: "local_list" };
  const home = listed.code === "home"; // nobody is kept from their own home for a card that has run out
  return own && own.decision !== "admit" && listed.decision === "admit" && !home ? own : listed;
}

/** The verdict about somebody without papers. */
export function judgeKnown(one: Known, direction: Direction, at: number = now()): Verdict {
  return byList(one, direction, at);
}

function byList({ steps }: Pick<Card, "steps">, direction: Direction, at: number): Verdict {
  const step = stepAt(steps[direction], at);
  if (!step) return { decision: "ask", code: "by_door", basis: "local_list" };
  const [decision, code, until] = step;
  return { decision, code, until, basis: "local_list" };
}

function opens(card: Card, gate: Gate): boolean {
  return !card.gates || card.gates.includes(gate.id);
}

/** A pass for another gate: nobody is kept from their own home for it. */
function forAnother(card: Card, direction: Direction, at: number): Verdict {
  const basis = "local_list";
  if (!livesHere(card, at)) return { decision: "refuse", code: "elsewhere", basis };
  return { decision: "ask", code: direction === "in" ? "by_door" : "elsewhere", basis };
}

/** No list names this pass: it was made after the list, or the list never came. */
function byItself(token: Token, direction: Direction, area: string, at: number): Verdict {
  const basis = "signed_pass";
  const until = new Date(token.until * 1000).toISOString();
  if (!area.startsWith(token.area) && !token.area.startsWith(area)) return { decision: "refuse", code: "elsewhere", basis };
  const state = stateOf(token, at);
  if (state === "good") return { decision: "admit", code: "pass", basis, until };
  return { decision: direction === "in" ? "ask" : "refuse", code: state, basis }; // whoever lives here is not kept out for it
}
