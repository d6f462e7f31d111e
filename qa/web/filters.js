// The filter panel: outlets, days of publication, and the day as known on which the archive is asked.

import { bdi, by, day, digits, el, link, shown } from "./elements.js";

const OUTLETS = 200; // most that are listed at once; typing finds the others
const DAYS = ["from", "to", "as_of"];
const UNDATED = { include: "also undated", exclude: "only dated", only: "only undated" };

const form = by("ask");
const find = by("find-outlet");
const list = by("outlets");
const chips = by("chips");
let changed = () => {};
let sources = []; // the archive's outlets, those with most articles first
let ticked = new Set();
let undated = ""; // as the address has it: "only" and "exclude" have no box

/** Offer these outlets: `[{ source, articles }]`, and the articles without a date. */
export function offer(outlets, undated) {
  by("undated").textContent = digits(undated);
  sources = [...outlets].sort((a, b) => b.articles - a.articles);
  draw();
}

/** Call `what` whenever a filter was changed. */
export const whenChanged = (what) => { changed = what; };

/** What a state is filtered by: the words for each filter, and the state without it. */
export const active = ({ prose, ...state }) => [
  ...state.source.map((one) => [shown(one), { ...state, source: state.source.filter((other) => other !== one) }]),
  ...DAYS.filter((name) => state[name]).map((name) => [dated(name, state[name]), { ...state, [name]: "" }]),
  ...(state.undated ? [[UNDATED[state.undated] ?? shown(state.undated), { ...state, undated: "" }]] : []),
];

/** "from 10 January 2026". */
const dated = (name, value) => `${name.replace("_", " ")} ${isDay(value) ? day(value) : shown(value)}`;

/** Whether a text is a day: "2026-01-28". */
export const isDay = (text) => Object.assign(document.createElement("input"), { type: "date", value: text }).value === text;

/** Show the filters of a state: in the panel, beside its name, and above the result, where each can be taken off. */
export function fill(state) {
  const before = [...ticked].join("\n");
  ticked = new Set(state.source);
  for (const name of DAYS) if (form.elements[name].value !== state[name]) form.elements[name].value = state[name];
  ({ undated } = state);
  form.elements.undated.checked = undated === "include";
  const now = active(state);
  by("filtered").textContent = now.length ? `: ${now.map(([words]) => words).join(", ")}` : "";
  const result = state.article === null && state.job === null && state.view === null;
  chips.replaceChildren(...(result ? now : []).map(([words, without]) => el("li", {},
    el("bdi", {}, words), " ", link(without, "×", { "aria-label": `Remove the filter ${words}` }))));
  // A list that is being ticked stays as it is, with the focus in it.
  if (before !== [...ticked].join("\n")) draw();
}

/** The filters as they are set, as a part of a state. */
export const chosen = () => ({ source: [...ticked], undated: form.elements.undated.checked ? "include" : undated === "include" ? "" : undated, ...Object.fromEntries(DAYS.map((name) => [name, form.elements[name].value])) });

/** Whether a state has any. */
export const set = (state) => active(state).length > 0;

/** A state without filters. */
export const cleared = (state) => ({ ...state, source: [], from: "", to: "", as_of: "", undated: "" });

function draw() {
  const sought = folded(find.value);
  const found = sources.filter((one) => folded(one.source).includes(sought));
  // Ticked ones stand on top, whatever is typed: what is filtered by is never out of sight.
  const known = new Map(sources.map((one) => [one.source, one]));
  const rows = [...[...ticked].map((source) => known.get(source) ?? { source, articles: 0 }), ...found.filter((one) => !ticked.has(one.source)).slice(0, OUTLETS)];
  // Not the legend with them: Chromium 156 draws no fieldset whose legend is another than when it was first hidden.
  list.replaceChildren(...rows.map((one) => el("label", {},
    el("input", { type: "checkbox", name: "source", value: one.source, checked: ticked.has(one.source) }), " ", bdi(one.source), el("span", { class: "quiet" }, ` ${digits(one.articles)}`))));
  if (sought && found.length === 0) list.append(el("p", { class: "quiet" }, "No outlet of this name."));
}

/** A name without case and accents, as it is looked for. */
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();

find.addEventListener("input", draw);
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault(); // looking for an outlet asks nothing
});
list.addEventListener("change", ({ target }) => {
  if (target.checked) ticked.add(target.value);
  else ticked.delete(target.value);
  changed();
});
form.elements.undated.addEventListener("change", () => changed());
for (const name of DAYS) {
  // While a year is typed, each digit makes another date: 2 March 0020, 2 March 0202.
  form.elements[name].addEventListener("change", ({ target }) => (!target.value || target.value > "1000") && changed());
}
