/** One keystroke for what a button does: the buttons say which by `data-key`. Not while somebody types. */
document.addEventListener("keydown", (event) => {
  const from = event.target as HTMLElement | null;
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (from?.closest("input, textarea, select, [contenteditable]")) return;
  const pressed = event.key.toLowerCase();
  const wanted = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((one) =>
    (one.dataset.key ?? "").split(" ").includes(pressed),
  );
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
  if (wanted instanceof HTMLElement && wanted.tagName === "SUMMARY") {
    wanted.parentElement?.querySelector<HTMLElement>("input")?.focus();
  }
});
