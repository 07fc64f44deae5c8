/** Copies a text with one tap; where the browser refuses, the text is selected and the button says what to press. */
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-copy]") : null;
  const field = button && document.getElementById(button.dataset.copy ?? "");
  if (!button || !(field instanceof HTMLTextAreaElement)) return;
  button.textContent = (await copied(field)) ? button.dataset.copied! : button.dataset.selected!;
});

/** Only pages with a certificate may write to the clipboard; the older way works on the others. */
export async function copied(field: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}
