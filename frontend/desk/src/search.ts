/** The search box by keyboard: down into the list and back, Escape closes it and gives the box back. */
let wanted = true; // an answer that comes after the list was closed does not open it again

document.addEventListener("keydown", (event) => {
  const form = (event.target as Element | null)?.closest?.("form.search");
  if (!form) return;
  const box = form.querySelector<HTMLInputElement>("input[type=search]");
  const hits = form.querySelector<HTMLElement>("#hits");
  if (!box || !hits) return;
  if (event.key === "Escape") {
    closeHits();
    box.focus();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops: HTMLElement[] = [box, ...hits.querySelectorAll<HTMLElement>("a")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = stops[stops.indexOf(event.target as HTMLElement) + step];
  if (next) {
    next.focus();
    event.preventDefault();
  }
});

/** Somebody clicked elsewhere: the list goes. */
document.addEventListener("click", (event) => {
  if (!(event.target as Element).closest("form.search")) closeHits();
});

document.addEventListener("input", (event) => {
  const box = event.target as HTMLInputElement;
  if (!box.closest("form.search")) return;
  if (box.value) wanted = true;
  else closeHits(); // Escape empties it too
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!wanted && (event.target as Element).id === "hits") event.preventDefault();
});

function closeHits(): void {
  wanted = false;
  document.getElementById("hits")?.replaceChildren();
}

export {};
