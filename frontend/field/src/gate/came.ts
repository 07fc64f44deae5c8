/** Who came to a gate, as the phone tells it. */

import type { Direction } from "./list";

export type Who = "resident" | "outsider" | "visitor" | "supplier" | "worker" | "emergency" | "group";

/** What was done at the gate; with `ask_` after somebody was asked. */
export type Done = "admit" | "refuse" | "ask_admit" | "ask_refuse";

/** Who came, as the event tells it. Units: °C as text; `people` with the driver. */
export interface Came {
  gate: string;
  direction: Direction;
  kind: Who;
  people: number;
  pass?: string;
  person?: number;
  medical?: boolean;
  plate?: string;
  temperature_c?: string;
  second_c?: string;
  from_place?: string;
  to_place?: string;
  outside?: "" | "city" | "province";
  names?: { name: string; id_number?: string; phone?: string }[];
  host?: number;
  expected?: string;
  goods_left?: boolean;
  note?: string;
}
