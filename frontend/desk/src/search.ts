/** The search box by keyboard: down into the list and back, Escape closes it and gives the box back. */
document.addEventListener("keydown", (event) => {
  const form = (event.target as Element | null)?.closest?.("form.search");
  if (!form) return;
  const box = form.querySelector<HTMLInputElement>("input[type=search]");
  const hits = form.querySelector<HTMLElement>("#hits");
  if (!box || !hits) return;
  if (event.key === "Escape") {
    hits.replaceChildren();
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
  if (!(event.target as Element).closest("form.search")) document.getElementById("hits")?.replaceChildren();
});
