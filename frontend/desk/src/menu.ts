/** The menu of a narrow screen: folded behind a link, so that the page begins at the top. Without a script the link unfolds it. */
const link = document.querySelector<HTMLAnchorElement>("a.menu");
const ways = document.getElementById("ways");

function fold(folded: boolean): void {
  ways?.setAttribute("data-folded", String(folded));
  link?.setAttribute("aria-expanded", String(!folded));
}

if (link && ways) {
  fold(location.hash !== link.hash); // somebody was quicker than this script
  link.addEventListener("click", (event) => {
    event.preventDefault();
    fold(ways.getAttribute("data-folded") !== "true");
  });
  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Node && (ways.contains(event.target) || link.contains(event.target));
    if (!inside) fold(true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") fold(true);
  });
}

export {};
