/**
 * The script of my day: a tap is kept on the phone until the server has answered with its name.
 * Without it every button is a plain form. A lost network never looks like success.
 */
import "./door.css";
import { drop, keep, load, type Kept } from "./door_store";
import { send } from "./door_sending";
import { mark, say, show } from "./door_showing";
import { uuid7 } from "./door_identity";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const TENANT = new Set(["name", "id_number", "sex", "born_on", "phone", "relation", "from_place", "came_on"]);
let pause = FIRST_PAUSE_MS;
let timer = 0;
let sending = false;

/** Sends what waits; pauses grow while nothing gets through. */
async function flush(): Promise<void> {
  window.clearTimeout(timer);
  if (sending) return;
  sending = true;
  const more = await send(load()).catch(() => true);
  sending = false;
  show();
  goBack();
  if (!load().some((one) => !one.wrong)) {
    pause = FIRST_PAUSE_MS;
    return;
  }
  if (!more) pause = FIRST_PAUSE_MS;
  timer = window.setTimeout(() => void flush(), pause * (0.8 + Math.random() * 0.4));
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

function now(): void {
  pause = FIRST_PAUSE_MS;
  show();
  void flush();
}

/** A form for one door goes back to the list as soon as what it said has arrived. */
let left = "";
let back = "";
function goBack(): void {
  if (!left || load().some((one) => one.id === left)) return;
  left = "";
  if (document.getElementById("say")?.hidden !== false) window.location.href = back;
}

/** What a button says: same.71.4, no_answer.71, seen.71, undo.71.<id>. */
function tapped(button: HTMLButtonElement): Kept | null {
  const [told = "", household = "", third = ""] = button.value.split(".");
  const form = button.form ?? document.createElement("form");
  if (!household) return null;
  const place = button.closest<HTMLElement>("[data-door]");
  const one: Kept = { id: uuid7(), told, household: Number(household), at: Date.now(), words: place?.dataset.words ?? "" };
  if (told === "same") one.more = { people: Number(third) };
  else if (told === "undo") one.more = { of: third };
  else if (told === "appointed") one.more = { again: String(new FormData(form).get("again")) };
  else if (told === "seen") one.more = fields(form);
  else if (told === "newcomer") one.more = { newcomer: tenant(form) };
  return one;
}

/** The filled fields of a form, as the server wants them. */
function fields(form: HTMLFormElement): Record<string, unknown> {
  const data = new FormData(form);
  const found: Record<string, unknown> = { helps: data.getAll("helps"), handed_out: data.getAll("handed_out") };
  for (const name of ["met", "temperature", "symptoms", "note"]) {
    const value = String(data.get(name) ?? "").trim();
    if (value) found[name] = value;
  }
  const people = String(data.get("people") ?? "");
  if (people) found.people = Number(people);
  const more = [...data].filter(([name, value]) => name.startsWith("more_") && String(value).trim());
  if (more.length) found.more = Object.fromEntries(more.map(([name, value]) => [name, String(value).trim()]));
  return found;
}

/** Somebody new, as it was typed. */
function tenant(form: HTMLFormElement): Record<string, string> {
  const asked = [...new FormData(form)].filter(([name, value]) => TENANT.has(name) && String(value).trim());
  return Object.fromEntries(asked.map(([name, value]) => [name, String(value).trim()]));
}

/** Without a network another page would not come, and this one would be gone. */
document.addEventListener("click", (event) => {
  const away = event.target instanceof Element ? event.target.closest("a:not([href^='tel:']), button[formaction]") : null;
  if (!away || navigator.onLine) return;
  event.preventDefault();
  say(document.body.dataset.saidOffline ?? "");
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.id === "line") document.getElementById("unsent")?.toggleAttribute("hidden");
  if (button.dataset.drop) drop(button.dataset.drop);
  if (button.name === "told" && button.form?.reportValidity() !== false) tell(button, event);
  if (button.id === "line" || button.dataset.drop) show();
});

function tell(button: HTMLButtonElement, event: Event): void {
  const one = tapped(button);
  if (!one || (one.told === "undo" && !button.closest("[data-door]"))) return; // the plain form does that one
  if (!keep(one)) return; // this phone keeps nothing: the plain form goes its own way
  event.preventDefault();
  if (button.form?.dataset.back) [left, back] = [one.id, button.form.dataset.back];
  if (one.told !== "undo" && one.told !== "newcomer") mark(one.household, "waiting", one.id);
  now();
}

for (const moment of ["online", "pageshow"]) window.addEventListener(moment, now);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) now();
});
