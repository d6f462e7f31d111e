// A citation: its quote, who published it, and ways to copy it.

import { at } from "./state.js";
import { bdi, button, counted, cut, day, el, link, outward, safe, say, shown, unpaged } from "./elements.js";

const OUTLET = "an unnamed outlet";

/** The id of a citation's element. */
export const idOf = (cited) => `at-${encodeURIComponent(cited.article_id)}-${cited.start}-${cited.answer_start}`;

/** The state that shows a citation, or a passage, in its article. */
export const placeOf = (cited, state) => at(state, cited.article_id, { start: cited.start, end: cited.end, words: cited.answer_end === undefined ? null : `${cited.answer_start}-${cited.answer_end}` });

/** Outlet, day and title of an article, which is a link; `article_id` is null where the archive has only the outlet. */
export function named(one, state) {
  const outlet = bdi(one.source ?? OUTLET);
  if (one.article_id === null) return [outlet];
  return [outlet, ` · ${day(one.published_at)} · `, link(at(state, one.article_id), shown(one.title || one.article_id))];
}

/** A quote with the answer marked, its outlet, its copies, and buttons to copy it. */
export function figure(cited, state, number) {
  const place = placeOf(cited, state);
  const quote = cut(cited.quote, cited.answer_start - cited.start, cited.answer_end - cited.start);
  const [before, inside, behind] = quote.map(shown);
  const original = safe(cited.deep_link ?? cited.url);
  return el("figure", { class: "citation", id: idOf(cited), tabindex: -1 },
    el("blockquote", { dir: "auto" }, before, el("mark", {}, inside), behind),
    el("figcaption", { class: "meta" },
      `[${number}] `, bdi(cited.source ?? OUTLET), ` · ${day(cited.published_at)} · `,
      link(place, shown(cited.title || cited.article_id)), onPage(cited),
      el("span", { class: "printed" }, bdi(cited.article_id), ` [${cited.start}:${cited.end}]`, safe(cited.url) && [el("br"), shown(cited.url)])),
    cited.dates.length > 0 && el("p", { class: "meta" }, cited.dates.map((one) => `“${one.text}” is ${one.first === one.last ? day(one.first) : `${day(one.first)} to ${day(one.last)}`}`).join("; ")),
    cited.first_report && el("p", { class: "meta" }, "First reported by ", ...named(cited.first_report, state)),
    cited.copies.length > 0 && el("details", { class: "meta" },
      el("summary", {}, counted(cited.copies.length, "copy", "copies")),
      el("ul", {}, cited.copies.map((one) => el("li", {}, ...named(one, state))))),
    el("div", { class: "actions" },
      link(place, "Show in the article"), original && outward(original, "Original"),
      el("span", { class: "quiet" }, "Copy as"),
      ...Object.entries(FORMS).map(([name, form]) => button(name, () => copy(form(cited, state.as_of), `Copied as ${name}`), { "aria-label": `Copy the citation as ${name}` }))));
}

/** Outlet, title, day, page and the day as of which was asked: what is copied under a quote. */
const source = (one, asOf, title) => `${one.source ?? OUTLET}, ${title}, ${day(one.published_at)}${onPage(one)}${asOf ? `, as of ${day(asOf)}` : ""}`;

export const FORMS = {
  text: (one, asOf) => `“${unpaged(one.quote)}”\n${source(one, asOf, `“${one.title}”`)} [${one.start}:${one.end}]${one.deep_link ? `\n${one.deep_link}` : ""}`,
  Markdown: (one, asOf) => `${unpaged(one.quote).split("\n").map((line) => `> ${escaped(line)}`).join("\n")}\n>\n> ${source({ ...one, source: escaped(one.source ?? OUTLET) }, asOf, one.deep_link && safe(one.deep_link) ? `[${escaped(one.title)}](<${one.deep_link}>)` : escaped(one.title))} [${one.start}:${one.end}]`,
  JSON: (one, asOf) => JSON.stringify({ article_id: one.article_id, start: one.start, end: one.end, quote: one.quote, article_sha256: one.article_sha256, source: one.source, title: one.title, published_at: one.published_at, url: one.url, as_of: asOf || undefined }, null, 2),
};

/** ", page 3", where the article has pages. */
const onPage = (cited) => (cited.page ? `, page ${cited.page}` : "");

const escaped = (text) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");

/** Copy a text and say so. */
export async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    say(told);
  } catch {
    say("The browser didn’t allow copying");
  }
}
