/**
 * The script of 报备: what is filled in stays on the phone until the server has answered with its receipt.
 * Without it the page is a plain form. A lost network never looks like success.
 */
import "./report.css";
import { uuid7 } from "./door_identity";
import { addLine, chooseDoors, fill, missing, packed, showParts, showWrong } from "./report_form";
import { send } from "./report_sending";
import { clearDraft, draft, drop, forget, keep, keepReceipt, outbox, receipts, saveDraft, type Waiting } from "./report_store";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const found = document.getElementById("report");
const form = found instanceof HTMLFormElement ? found : null;
const place = form?.dataset.place ?? "";
let pause = FIRST_PAUSE_MS;
let timer = 0;
let saving = 0;
let sending = false;

function say(state: string, words: string, strong = ""): void {
  const line = document.getElementById("state");
  if (!line) return;
  line.hidden = !words;
  line.dataset.state = state;
  line.textContent = words;
  if (!strong) return;
  const number = document.createElement("strong");
  number.textContent = strong;
  line.append(number);
}

/** Sends what waits, one after the other; pauses grow while nothing gets through. */
async function flush(): Promise<void> {
  window.clearTimeout(timer);
  if (sending || !form) return;
  const one = outbox().find((each) => !each.stuck || each.place !== place);
  if (!one) return;
  sending = true;
  const words = form.dataset;
  if (pause === FIRST_PAUSE_MS) say("waiting", words.saidSending ?? "");
  const answer = await send(one.stuck ? { ...one, place } : one);
  sending = false;
  if (answer.kind === "received") return received(one, answer.receipt ?? "", answer.own ?? "");
  if (answer.kind === "wrong") return wrong(one, answer.wrong ?? {});
  if (answer.kind === "stuck") {
    keep({ ...one, place, stuck: answer.sentence || "-" });
    return say("wrong", answer.sentence ?? "");
  }
  const busy = answer.kind === "busy";
  say(busy ? "busy" : "waiting", (busy ? words.saidBusy : words.saidWaiting) ?? "");
  timer = window.setTimeout(() => void flush(), busy ? (answer.wait_s ?? 60) * 1000 : pause * (0.8 + Math.random() * 0.4));
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

function received(one: Waiting, receipt: string, own: string): void {
  window.clearTimeout(saving); // what was typed last is with the server too, and no draft any more
  drop(one.id);
  clearDraft(one.place);
  keepReceipt({ receipt, own, at: Date.now() });
  const said = form?.dataset;
  say("received", `${said?.saidReceived ?? ""} · ${said?.saidReceipt ?? ""}`, grouped(receipt));
  if (form) form.hidden = true;
  show();
  pause = FIRST_PAUSE_MS;
  document.getElementById("state")?.scrollIntoView({ block: "center" });
  void flush();
}

/** What the server will not take goes back into the form, beside its fields. */
function wrong(one: Waiting, said: Record<string, string>): void {
  drop(one.id);
  if (!form) return;
  form.hidden = false;
  if (one.place === place) fill(form, one.body);
  showParts(form);
  say("wrong", form.dataset.saidWrong ?? "");
  showWrong(form, said);
}

function grouped(receipt: string): string {
  return `${receipt.slice(0, 3)} ${receipt.slice(3, 6)} ${receipt.slice(6)}`;
}

/** The receipts of this phone, each to be looked at or cleared. */
function show(): void {
  const list = document.getElementById("kept");
  if (!list || !form) return;
  list.replaceChildren(...receipts().map(line));
  list.hidden = !list.children.length;
  if (form.hidden) list.append(again());
}

function line(one: { receipt: string; own: string }): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "main";
  link.href = one.own;
  link.textContent = `${grouped(one.receipt)} ${form?.dataset.saidSee ?? ""}`;
  const clear = button(form?.dataset.saidForget ?? "", () => {
    forget(one.receipt);
    show();
  });
  item.append(link, clear);
  return item;
}

function again(): HTMLElement {
  const item = document.createElement("li");
  item.append(button(form?.dataset.saidAgain ?? "", () => window.location.reload()));
  return item;
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function submitted(event: SubmitEvent): void {
  if (!form) return;
  if (event.submitter instanceof HTMLButtonElement && event.submitter.name === "more") {
    event.preventDefault();
    addLine(form, event.submitter.value);
    return;
  }
  const empty = missing(form);
  if (Object.keys(empty).length) {
    event.preventDefault();
    say("wrong", form.dataset.saidWrong ?? "");
    showWrong(form, empty);
    return;
  }
  const id = form.querySelector<HTMLInputElement>("[name=id]");
  const waits = outbox().find((one) => one.id === id?.value);
  // It may have arrived without our knowing: what was changed since then is another form, not the same one again.
  if (id && waits && waits.body !== packed(form)) id.value = uuid7();
  if (!id || !keep({ id: id.value, place, body: packed(form), at: Date.now() })) {
    if (!navigator.onLine) {
      event.preventDefault();
      say("wrong", form.dataset.saidNowhere ?? "");
    }
    return; // this phone keeps nothing: the plain form goes its own way
  }
  event.preventDefault();
  showWrong(form, {});
  now();
}

function now(): void {
  pause = FIRST_PAUSE_MS;
  void flush();
}

function begin(): void {
  if (!form) return;
  const id = form.querySelector<HTMLInputElement>("[name=id]");
  if (id && !form.querySelector(".invalid")) id.value = uuid7(); // a page from a cache would bring an id that was used
  chooseDoors(form);
  const before = form.querySelector(".invalid") ? "" : draft(place);
  if (before) {
    fill(form, before);
    say("draft", form.dataset.saidDraft ?? "");
  }
  showParts(form);
  show();
  form.addEventListener("submit", submitted);
  form.addEventListener("change", () => showParts(form));
  form.addEventListener("input", () => {
    window.clearTimeout(saving);
    saving = window.setTimeout(() => saveDraft(place, packed(form)), 300);
  });
  for (const moment of ["online", "pageshow"]) window.addEventListener(moment, now);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) saveNow();
    else now();
  });
  window.addEventListener("pagehide", saveNow);
}

function saveNow(): void {
  if (!form || form.hidden || !saving || outbox().length) return;
  saveDraft(place, packed(form));
}

begin();
