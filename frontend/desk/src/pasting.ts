import { copied } from "./copying";

/** A text that wants to be pasted elsewhere: copied as soon as it is there, where the browser lets us. */
async function copy(text: HTMLTextAreaElement): Promise<void> {
  text.select();
  if (!(await copied(text))) return; // the words below say what to do
  const place = text.parentElement;
  place?.querySelector("[data-pasted]")?.removeAttribute("hidden");
  place?.querySelector("[data-not-pasted]")?.setAttribute("hidden", "");
}

function copyIn(place: ParentNode): void {
  for (const text of place.querySelectorAll<HTMLTextAreaElement>("textarea[data-paste]")) void copy(text);
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target instanceof Element) copyIn(event.target);
});
copyIn(document);
