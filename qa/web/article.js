// An article with a quote marked, and a slim header that stays in sight.

import { address, at } from "./state.js";
import { FORMS, copy, named, placeOf } from "./citation.js";
import { bdi, button, by, counted, cut, day, el, link, moment, outward, safe, shown } from "./elements.js";

const COPIES = 5; // as many are named at once

/** A full article, with its quote marked; `quotes` are the citations that it is one of. */
export function whole(article, state, quotes) {
  const original = safe(article.url);
  const earlier = article.sha256 !== article.current;
  const told = [article.source, article.published_at ? moment(article.published_at) : "undated", article.authors.join(", ")].filter(Boolean);
  const copies = article.copies.map((one) => el("li", {}, ...named(one, state)));
  return el("article", { class: "card" },
    header(article, state, quotes),
    el("h2", { dir: "auto", class: "answer" }, shown(article.title || article.id)),
    el("p", { class: "meta" }, told.flatMap((one, number) => [number > 0 && " · ", bdi(one)]), original && [" · ", outward(original, "Original")]),
    article.first_report && el("p", { class: "meta" }, "First reported by ", ...named(article.first_report, state)),
    earlier && el("p", { class: "note" }, "This is an earlier version. ", link(at(state, article.id), "Current version")),
    copies.length > 0 && el("section", { class: "meta", "aria-label": "Copies" },
      counted(copies.length, "other article carries the same report:", "other articles carry the same report:"),
      el("ul", {}, copies.slice(0, COPIES)),
      copies.length > COPIES && el("details", {}, el("summary", {}, `${copies.length - COPIES} more`), el("ul", {}, copies.slice(COPIES)))),
    article.versions.length > 0 && !earlier && el("details", { class: "meta" },
      el("summary", {}, counted(article.versions.length, "earlier version")),
      el("ul", {}, article.versions.map((one) => el("li", {}, link(at(state, article.id, { text: one.sha256 }), shown(one.title || article.id)), ` · ${day(one.published_at)}`)))),
    el("div", { class: "text", dir: "auto", lang: article.language }, marked(article.text, state)),
    technical(article));
}

/** The slim header: back, the quotes before and behind this one, and what can be copied. */
export function header(article, state, quotes) {
  const here = quotes.findIndex((one) => one.article_id === article.id && one.start === state.start && one.end === state.end);
  const step = (to, words, sign) => link(placeOf(to, state), sign, { "data-go": "instead", "aria-label": words, title: words });
  const cited = quotes[here] ?? citation(article, state);
  return el("nav", { class: "slim", "aria-label": "Quote" },
    state.q && link(at(state), "← Back to the answer", { "data-back": true }),
    here >= 0 && quotes.length > 1 && el("span", {},
      here > 0 && step(quotes[here - 1], "Previous quote", "‹"), ` Quote ${here + 1} of ${quotes.length} `, here < quotes.length - 1 && step(quotes[here + 1], "Next quote", "›")),
    button("Copy citation", () => copy(FORMS.text(cited, state.as_of), "Citation copied")),
    button("Copy link", () => copy(permalink(article, state), "Link copied")));
}

/** Scroll to the quote; the headline stays in sight where both fit. */
export function reveal() {
  const quote = by("quote");
  if (!quote) return;
  const card = quote.closest(".card");
  const both = quote.getBoundingClientRect().bottom - card.getBoundingClientRect().top;
  if (both < innerHeight) card.scrollIntoView({ block: "start" });
  else quote.scrollIntoView({ block: quote.offsetHeight < innerHeight / 2 ? "center" : "start" });
}

/** The quote of a state's article as a citation, where no reply gives one. */
function citation(article, state) {
  const found = state.start !== null && state.end !== null;
  const [before, quote] = found ? cut(article.text, state.start, state.end) : ["", ""];
  const page = article.text.includes("\f") ? before.split("\f").length : null;
  return { ...article, quote: quote || article.title, start: state.start ?? 0, end: state.end ?? 0, page, deep_link: safe(article.url) };
}

/** The address of this quote, in this very text, whatever was asked. */
const permalink = (article, { text, start, end, words }) => new URL(address({ article: article.id, text: start === null ? text : article.sha256, start, end, words }), location.href).href;

/** A text with the quote marked, and in it the words that answer. */
function marked(text, state) {
  if (state.start === null || state.end === null) return shown(text);
  const [from, to] = state.words?.split("-").map(Number) ?? [];
  const inside = from >= state.start && to <= state.end && from < to;
  const [before, lead, words, rest, behind] = cut(text, state.start, inside ? from : state.start, inside ? to : state.start, state.end);
  return [shown(before), el("mark", { id: "quote" }, shown(lead), inside && el("b", {}, shown(words)), shown(rest)), shown(behind)];
}

function technical(article) {
  const rows = [["ID", article.id], ["SHA-256", article.sha256], ["Published", article.published_at], ["Language", article.language], ["Length", counted([...article.text].length, "character")]];
  return el("details", { class: "meta" }, el("summary", {}, "Technical details"),
    el("dl", {}, rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, bdi(value))])));
}
