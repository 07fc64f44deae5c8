/** One question to the server. A captive portal, a half-open line and a slow night all look alike: no answer. */

import { Refused, token } from "./session";

/** The server is overloaded or its database is away: it said when to come back. */
export class TooMuch extends Error {
  constructor(readonly afterSeconds: number) {
    super("too much");
  }
}

/** The server wants less at once. */
export class TooLarge extends Error {}

/** The server answered something else than was hoped for. */
export class Answered extends Error {
  constructor(readonly status: number) {
    super(`answered ${status}`);
  }
}

const PATIENCE_MS = 20_000;
const AGAIN_S = 30;

interface Question {
  body?: string | ArrayBuffer;
  headers?: Record<string, string>;
  /** For somebody who stands and waits: shorter than a night's patience. */
  signal?: AbortSignal;
}

/** The answer as it came. Throws where there was none: TooMuch, TooLarge, Refused, or whatever the line did. */
export async function ask(path: string, question: Question = {}): Promise<Response> {
  let answer = await once(path, question, await token());
  if (answer.status === 401) answer = await once(path, question, await token({ fresh: true }));
  if (answer.status === 413) throw new TooLarge();
  if (answer.status === 429 || answer.status === 503) throw new TooMuch(Number(answer.headers.get("Retry-After")) || AGAIN_S);
  if (answer.status === 401 || answer.status === 403) throw await refusal(answer);
  if (!answer.ok && answer.status !== 304) throw new Answered(answer.status);
  return answer;
}

async function refusal(answer: Response): Promise<Error> {
  const said = (await answer.json().catch(() => null)) as { code?: string; sentence?: string } | null;
  return said?.code ? new Refused(said.code, said.sentence ?? "") : new Error("somebody else answered");
}

function once(path: string, { body, headers, signal }: Question, bearer: string): Promise<Response> {
  return fetch(`/api/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    body,
    headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json", ...headers },
    signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
}
