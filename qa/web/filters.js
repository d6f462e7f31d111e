// The filter panel: outlets, days of publication, and the day as known on which the archive is asked.

import { el, shown } from "./elements.js";

const OUTLETS = 200; // most that are listed at once; typing finds the others
const DAYS = ["from", "to", "as_of"];

const form = document.getElementById("ask");
const find = document.getElementById("find-outlet");
const list = document.getElementById("outlets");
let sources = []; // the archive's outlets, those with most articles first
let ticked = new Set();
let undated = ""; // as the address has it: "only" and "exclude" have no box

/** Offer these outlets: `[{ source, articles }]`, and the articles without a date. */
export function offer(outlets, undated) {
  document.getElementById("undated").textContent = undated.toLocaleString("en");
  sources = [...outlets].sort((a, b) => b.articles - a.articles);
  draw();
}

/** Show the filters of a state. */
export function fill(state) {
  ticked = new Set(state.source);
  for (const name of DAYS) form.elements[name].value = state[name];
  ({ undated } = state);
  form.elements.undated.checked = undated === "include";
  const count = state.source.length + [...DAYS.map((name) => state[name]), undated && undated !== "include"].filter(Boolean).length;
  document.getElementById("filtered").textContent = count ? `(${count})` : "";
  draw();
}

/** The filters as they are set, as a part of a state. */
export const chosen = () => ({ source: [...ticked], undated: form.elements.undated.checked ? "include" : undated === "include" ? "" : undated, ...Object.fromEntries(DAYS.map((name) => [name, form.elements[name].value])) });

/** Whether a state has any. */
export const set = (state) => [state.source.length, ...DAYS.map((name) => state[name]), state.undated].some(Boolean);

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
    el("input", { type: "checkbox", name: "source", value: one.source, checked: ticked.has(one.source) }), " ", el("bdi", {}, shown(one.source)), el("span", { class: "quiet" }, ` ${one.articles.toLocaleString("en")}`))));
  if (sought && found.length === 0) list.append(el("p", { class: "quiet" }, "No outlet of this name."));
}

/** A name without case and accents, as it is looked for. */
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();

find.addEventListener("input", draw);
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault(); // looking for an outlet asks nothing
});
list.addEventListener("change", ({ target }) => (target.checked ? ticked.add(target.value) : ticked.delete(target.value)));
