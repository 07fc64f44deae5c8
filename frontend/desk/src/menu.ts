/** The menu of a narrow screen: folded behind a button, so that the page begins at the top. Without a script it scrolls. */
const button = document.querySelector<HTMLButtonElement>("button.menu");
const ways = document.getElementById("ways");

function fold(folded: boolean): void {
  ways?.toggleAttribute("data-folded", folded);
  button?.setAttribute("aria-expanded", String(!folded));
}

if (button && ways) {
  button.hidden = false;
  fold(true);
  button.addEventListener("click", () => fold(!ways.hasAttribute("data-folded")));
  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Node && (ways.contains(event.target) || button.contains(event.target));
    if (!inside) fold(true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") fold(true);
  });
}

export {};
