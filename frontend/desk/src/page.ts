/** What a desk page does by itself: parts of it renew themselves; nothing that a page cannot do without. */
import "./pasting";
import "./search";
import "./menu";
import "./keys";
import "./copying";
import "htmx.org"; // how it is to behave stands in the page (`htmx-config`): it may begin before this file does

/** Nobody looks: nothing is asked. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && byClock(event)) event.preventDefault();
});

for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, () => say("stale", true));
}
document.addEventListener("htmx:afterRequest", (event) => {
  if ((event as CustomEvent<{ successful: boolean }>).detail.successful) say("stale", false);
});

/** Whether the request comes from an element that renews itself every few seconds. */
function byClock(event: Event): boolean {
  return event.target instanceof Element && (event.target.getAttribute("hx-trigger") ?? "").startsWith("every");
}

function say(id: string, said: boolean): void {
  document.getElementById(id)?.toggleAttribute("hidden", !said);
}

/** Menus close when somebody clicks elsewhere or presses Escape. */
function closeMenus(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.account[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target as Node));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

/** A row of tabs that is wider than the screen begins where the open one is. */
for (const here of document.querySelectorAll<HTMLElement>(".tabs > [aria-current]")) {
  const row = here.parentElement!;
  const [inside, around] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inside.left - around.left - (around.width - inside.width) / 2;
}

/** Pictures are fetched when somebody sees their place, and drawn anew when their numbers are. */
const sight = new IntersectionObserver((seen) => {
  for (const place of seen.filter((one) => one.isIntersecting).map((one) => one.target as HTMLElement)) show(place);
});
function show(place: HTMLElement): void {
  sight.unobserve(place);
  void import("./charts").then((charts) => charts.draw(place), () => place.classList.remove("drawn")); // without a network its table is there
}

/** Where the screen is large enough for paper to be near, they are there before somebody prints. */
function showAll(): void {
  if (!window.matchMedia("(min-width: 700px)").matches) return;
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) show(place);
}
if (document.readyState === "complete") showAll();
else window.addEventListener("load", showAll);

function watchCharts(): void {
  for (const place of document.querySelectorAll("[data-chart]")) {
    place.classList.add("drawn"); // takes its height at once; without a script it has none
    sight.observe(place);
  }
}
watchCharts();
document.addEventListener("htmx:afterSwap", watchCharts);

// htmx begins with an event that is over when this page was painted first.
if (document.readyState === "interactive") document.dispatchEvent(new Event("DOMContentLoaded"));
