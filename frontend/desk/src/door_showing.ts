/** What the phone says: the fixed line, what is not sent yet by door, and the state of each card. */
import { arrived, last, load, type Kept } from "./door_store";

const IN_REACH_MS = 9 * 60_000;
const said = document.body.dataset;

/** The line is green only when nothing waits. */
export function show(): void {
  const waiting = load();
  const line = document.getElementById("line");
  const list = document.getElementById("unsent");
  if (!line || !list || !said.user) return;
  const doors = new Set(waiting.map((one) => one.household)).size;
  line.hidden = false;
  line.classList.toggle("left", doors > 0);
  line.textContent = doors
    ? (said.saidLeft ?? "").replace("{kept}", String(arrived())).replace("{left}", String(doors))
    : (said.saidAll ?? "");
  list.replaceChildren(...waiting.map(item));
  if (!waiting.length) list.hidden = true;
  showLast();
  for (const one of waiting) if (one.told !== "undo") mark(one.household, one.wrong ? "wrong" : "waiting", one.id);
}

/** The last tap stays within reach where its card is gone from the page. */
function showLast(): void {
  const place = document.getElementById("last");
  const one = last();
  if (!place) return;
  const inReach = one && Date.now() - one.at < IN_REACH_MS && !document.getElementById(`d${one.household}`)?.dataset.state;
  place.hidden = !inReach;
  if (one && inReach) place.replaceChildren(`${one.words} ✓ `, undo(one.household, one.id));
}

function item(one: Kept): HTMLElement {
  const line = document.createElement("li");
  line.textContent = `${one.words} ${one.wrong ?? said.saidWaiting ?? ""} `;
  if (one.wrong) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.drop = one.id;
    button.textContent = said.saidDrop ?? "";
    line.append(button);
  }
  return line;
}

/** A card's state by colour, frame and word together, with the way back from a wrong tap. */
export function mark(household: number, state: "" | "waiting" | "kept" | "wrong", id: string): void {
  const card = document.getElementById(`d${household}`);
  if (!card) return;
  card.querySelector(".state")?.remove();
  delete card.dataset.state;
  if (!state) return;
  card.dataset.state = state;
  const line = document.createElement("p");
  line.className = "state";
  line.textContent = `${state === "kept" ? "✓ " : ""}${(state === "kept" ? said.saidKept : said.saidWaiting) ?? ""} `;
  if (state !== "wrong") line.append(undo(household, id));
  card.append(line);
}

function undo(household: number, id: string): HTMLElement {
  const button = document.createElement("button");
  button.name = "told";
  button.value = `undo.${household}.${id}`;
  button.textContent = said.saidUndo ?? "";
  return button;
}

/** Something that the worker must read. */
export function say(words: string): void {
  const place = document.getElementById("say");
  if (!place || !words) return;
  place.textContent = words;
  place.hidden = false;
}

/** The shift is over: what was not sent stays here and is sent after coming in again. */
export function over(words: string): void {
  say(`${words} `);
  const way = document.createElement("a");
  way.href = said.enter ?? "";
  way.textContent = said.saidEnter ?? "";
  document.getElementById("say")?.append(way);
}
