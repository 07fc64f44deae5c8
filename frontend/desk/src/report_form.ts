/** The form itself: lines that are added, parts that belong to an answer, doors to choose from, what is wrong. */
type Units = [string, string[]][];
type Doors = [string, [string, Units][]][];

const TIDY = "csrfmiddlewaretoken";

/** Everything that was filled in, without the page's own token. */
export function packed(form: HTMLFormElement): string {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== TIDY && typeof value === "string") data.append(name, value);
  return data.toString();
}

/** Puts back what was filled in, with as many lines as there were. */
export function fill(form: HTMLFormElement, body: string): void {
  const data = new URLSearchParams(body);
  for (const group of ["people", "stops"]) {
    const total = Number(data.get(`${group}-TOTAL_FORMS`) ?? "0");
    while (lines(form, group) < total && addLine(form, group));
  }
  const names = new Set(fields(form).map((field) => field.name));
  for (const name of names) {
    if (name === TIDY || name.endsWith("_FORMS")) continue;
    const values = data.getAll(name);
    for (const field of form.querySelectorAll<Field>(`[name="${CSS.escape(name)}"]`)) { // looked for anew: doors are replaced
      if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) offer(field, values[0] ?? "");
    }
  }
}

function offer(field: Field, value: string): void {
  if (field instanceof HTMLSelectElement && ![...field.options].some((one) => one.value === value)) return;
  field.value = value;
  if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event("change", { bubbles: true }));
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("input[name], select[name], textarea[name]")];
}

function lines(form: HTMLFormElement, group: string): number {
  return form.querySelectorAll(`#${group} > [data-line]`).length;
}

/** One more person or place; false when there are enough. */
export function addLine(form: HTMLFormElement, group: string): boolean {
  const total = form.querySelector<HTMLInputElement>(`[name=${group}-TOTAL_FORMS]`);
  const most = Number(form.querySelector<HTMLInputElement>(`[name=${group}-MAX_NUM_FORMS]`)?.value ?? "0");
  const pattern = document.getElementById(group === "people" ? "person" : "stop");
  const count = lines(form, group);
  if (!total || !(pattern instanceof HTMLTemplateElement) || count >= most) return false;
  const holder = document.createElement("template");
  holder.innerHTML = pattern.innerHTML.split("__prefix__").join(String(count));
  const legend = holder.content.querySelector("legend");
  if (group === "people" && legend) legend.textContent = numbered(form, count + 1);
  document.getElementById(group)?.append(holder.content);
  total.value = String(count + 1);
  return true;
}

function numbered(form: HTMLFormElement, number: number): string {
  return form.querySelector("#people legend")?.textContent?.replace("1", String(number)) ?? String(number);
}

/** Shows what belongs to the answers given: who fills in for others, where somebody comes from. */
export function showParts(form: HTMLFormElement): void {
  const data = new FormData(form);
  const parts = { others: (data.get("whose") ?? "family") !== "family", trip: ["back", "coming"].includes(String(data.get("state"))) };
  for (const [name, wanted] of Object.entries(parts)) {
    for (const part of form.querySelectorAll<HTMLElement>(`[data-for=${name}]`)) part.hidden = !wanted;
  }
}

/** Turns building, unit and room into lists of what the poster knows. Who lives there is nowhere in it. */
export function chooseDoors(form: HTMLFormElement): void {
  const doors = JSON.parse(document.getElementById("doors")?.textContent ?? "[]") as Doors;
  if (!doors.length) return;
  const chosen = (name: string): string => form.querySelector<Field>(`[name=${name}]`)?.value ?? "";
  const buildings = (): [string, Units][] => (doors.find(([name]) => name === chosen("compound")) ?? doors[0])?.[1] ?? [];
  const units = (): Units => buildings().find(([name]) => name === chosen("building"))?.[1] ?? [];
  const rooms = (): string[] => (units().find(([name]) => name === chosen("unit")) ?? units()[0])?.[1] ?? [];
  const refresh = (from: number): void => {
    const steps: [string, () => string[]][] = [
      ["building", () => (doors.length > 1 && !chosen("compound") ? [] : buildings().map(([name]) => name))],
      ["unit", () => units().map(([name]) => name).filter(Boolean)],
      ["room", rooms],
    ];
    for (const [name, options] of steps.slice(from)) replace(form, name, options());
  };
  const order = ["compound", "building", "unit", "room"];
  form.addEventListener("change", (event) => {
    const at = event.target instanceof Element ? order.indexOf(event.target.getAttribute("name") ?? "") : -1;
    if (at >= 0 && at < 3) refresh(at);
  });
  refresh(0);
}

function replace(form: HTMLFormElement, name: string, options: string[]): void {
  const before = form.querySelector<Field>(`[name=${name}]`);
  if (!before) return;
  const after = document.createElement(options.length ? "select" : "input");
  after.name = name;
  after.id = before.id;
  if (after instanceof HTMLSelectElement) {
    after.append(new Option(form.dataset.saidChoose ?? "", ""), ...options.map((one) => new Option(one, one)));
    if (options.length === 1 && name === "unit") after.value = options[0] ?? "";
  }
  if (options.includes(before.value) || after instanceof HTMLInputElement) after.value = before.value;
  before.replaceWith(after);
}

/** Says beside each field what is wrong with it, and goes to the first. */
export function showWrong(form: HTMLFormElement, wrong: Record<string, string>): void {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  for (const old of form.querySelectorAll(".field.wrong")) old.classList.remove("wrong");
  let first: HTMLElement | null = null;
  for (const [name, sentence] of Object.entries(wrong)) {
    const field = form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`);
    const place = field?.closest(".field");
    if (!field || !place) continue;
    const said = document.createElement("div");
    said.className = "invalid";
    said.dataset.said = name;
    said.id = `${field.id}_said`;
    said.setAttribute("role", "alert");
    said.textContent = sentence;
    place.classList.add("wrong");
    place.append(said);
    field.setAttribute("aria-describedby", said.id);
    first ??= field;
  }
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

/** What must be there before it is worth keeping: the server looks at the rest. */
export function missing(form: HTMLFormElement): Record<string, string> {
  const data = new FormData(form);
  const fill = form.dataset.saidFill ?? "";
  const correcting = form.dataset.place?.includes("/correct/") === true;
  const asked = ["people-0-name", ...(correcting ? [] : ["phone"])];
  if (form.querySelector("[name=state]")) asked.push("state");
  if (["back", "coming"].includes(String(data.get("state")))) asked.push("from_place", "arrived_on");
  if ((data.get("whose") ?? "family") !== "family") asked.push("teller");
  const told = (name: string): boolean => Boolean(String(data.get(name) ?? "").trim());
  if (form.dataset.named === undefined && !told("address") && !(told("building") && told("room"))) asked.push(told("building") ? "room" : "building");
  const empty = asked.filter((name) => !told(name));
  return Object.fromEntries(empty.map((name) => [name, fill]));
}
