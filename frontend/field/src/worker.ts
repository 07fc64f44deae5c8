/** Keeps the app on the phone: its page and its files as one version, whole or not at all. Nothing else passes through here. */

/** What the build puts in: the files without which nothing works, and those that can come after the first look. */
declare const FIRST: string[];
declare const LATER: string[];

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(name: "install" | "activate", listen: (event: Lasting) => void): void;
  addEventListener(name: "fetch", listen: (event: Fetching) => void): void;
  addEventListener(name: "message", listen: (event: MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;
const PAGE = "/field/";
const FILES = "/static/field/dist/";
const KEPT = `field ${FIRST.join(" ")}`;

worker.addEventListener("install", (event) => event.waitUntil(keep([PAGE, ...FIRST])));

worker.addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => keep(LATER))));

worker.addEventListener("message", (event) => {
  if (event.data === "now") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === location.origin && (pathname === PAGE || pathname.startsWith(FILES));
  if (ours && event.request.method === "GET") event.respondWith(kept(event.request, pathname));
});

async function keep(files: string[]): Promise<void> {
  await (await caches.open(KEPT)).addAll(files);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

/** What was to come later and did not, because the network had gone by then, is kept when it is asked for. */
async function kept(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(KEPT);
  const found = await cache.match(pathname);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && LATER.includes(pathname)) await cache.put(pathname, answer.clone()).catch(() => undefined);
  return answer;
}
