/** Sends one form. Only an answer that names it counts: a portal's friendly page does not. */
import type { Waiting } from "./report_store";

export interface Answer {
  kind: "received" | "wrong" | "busy" | "stuck" | "lost";
  receipt?: string;
  own?: string;
  wrong?: Record<string, string>;
  sentence?: string;
  wait_s?: number;
}

const PATIENCE_MS = 20_000;
const BUSY_S = 60;

/** Hands one form over; a page whose token is stale asks for a new one, once. */
export async function send(one: Waiting): Promise<Answer> {
  try {
    let answer = await post(one);
    if (answer.status === 403 && (await renew(one.place))) answer = await post(one);
    return await read(one, answer);
  } catch {
    return { kind: "lost" };
  }
}

async function read(one: Waiting, answer: Response): Promise<Answer> {
  if (answer.status === 429) return { kind: "busy", wait_s: Number(answer.headers.get("Retry-After")) || BUSY_S };
  const text = await answer.text();
  try {
    const said = JSON.parse(text) as { id?: string; receipt?: string; own?: string; wrong?: Record<string, string> };
    if (said.wrong) return { kind: "wrong", wrong: said.wrong };
    if (said.id === one.id && said.receipt && said.own) return { kind: "received", receipt: said.receipt, own: said.own };
  } catch {
    if (answer.status === 404 || answer.status === 422) return { kind: "stuck", sentence: sentence(text) };
  }
  return { kind: "lost" };
}

function sentence(page: string): string {
  return new DOMParser().parseFromString(page, "text/html").querySelector(".note.error")?.textContent?.trim() ?? "";
}

function token(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
}

async function renew(place: string): Promise<boolean> {
  const page = new DOMParser().parseFromString(await (await fetch(place)).text(), "text/html");
  const fresh = page.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  const held = token();
  if (fresh && held) held.value = fresh;
  return Boolean(fresh && held);
}

async function post(one: Waiting): Promise<Response> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE_MS);
  const body = new URLSearchParams(one.body);
  body.set("waited_s", String(Math.max(0, Math.round((Date.now() - one.at) / 1000))));
  try {
    return await fetch(one.place, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token()?.value ?? "" },
      credentials: "same-origin",
      signal: stop.signal,
      body,
    });
  } finally {
    window.clearTimeout(timer);
  }
}
