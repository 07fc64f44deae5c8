/** The script of every desk page: parts of a page that renew themselves, nothing that a page cannot do without. */
import "./look.css";
import "./pasting";
import "./search";
import "./menu";
import "./keys";
import "./copying";
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages with residents are not kept in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "(403|404|422)", swap: true, error: true }, // a refusal is a sentence for people
  { code: "[45]..", swap: false, error: true },
];

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

/** Pictures are fetched when somebody sees their place, and drawn anew when their numbers are. */
const sight = new IntersectionObserver((seen) => {
  for (const place of seen.filter((one) => one.isIntersecting).map((one) => one.target as HTMLElement)) {
    sight.unobserve(place);
    void import("./charts").then((charts) => charts.draw(place));
  }
});
function watchCharts(): void {
  for (const place of document.querySelectorAll("[data-chart]")) {
    place.classList.add("drawn"); // takes its height at once; without a script it has none
    sight.observe(place);
  }
}
document.addEventListener("DOMContentLoaded", watchCharts);
document.addEventListener("htmx:afterSwap", watchCharts);
