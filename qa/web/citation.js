// A citation: its quote, who published it, and ways to copy it.

import { address } from "./state.js";
import { counted, cut, day, el, marked, safe, say, shown, unpaged } from "./elements.js";

const OUTLET = "an unnamed outlet";

/** A quote with the answer marked, its outlet, its copies, and buttons to copy it. */
export function figure(cited, state, number) {
  const place = { ...state, article: cited.article_id, start: cited.start, end: cited.end };
  const quote = cut(cited.quote, cited.answer_start - cited.start, cited.answer_end - cited.start);
  const [before, inside, behind] = quote.map(shown);
  const link = safe(cited.deep_link ?? cited.url);
  return el("figure", { class: "citation" },
    el("blockquote", { dir: "auto" }, before, el("mark", {}, inside), behind),
    el("figcaption", { class: "meta" },
      `[${number}] `, el("bdi", {}, shown(cited.source ?? OUTLET)), ` · ${day(cited.published_at)} · `,
      el("a", { href: address(place), "data-go": true, dir: "auto" }, shown(cited.title || cited.article_id)), onPage(cited),
      el("span", { class: "printed" }, el("bdi", {}, shown(cited.article_id)), ` [${cited.start}:${cited.end}]`, safe(cited.url) && [el("br"), shown(cited.url)])),
    cited.dates.length > 0 && el("p", { class: "meta" }, cited.dates.map((one) => `“${one.text}” is ${one.first === one.last ? one.first : `${one.first} to ${one.last}`}`).join("; ")),
    cited.first_report && el("p", { class: "meta" }, "First reported by ", ...firstReport(cited.first_report, state)),
    cited.copies.length > 0 && el("details", { class: "meta" },
      el("summary", {}, counted(cited.copies.length, "copy", "copies")),
      el("ul", {}, cited.copies.map((one) => el("li", {}, el("a", { href: address({ ...state, article: one.article_id }), "data-go": true, dir: "auto" }, shown(one.source ?? one.article_id)))))),
    el("div", { class: "actions" },
      el("a", { href: address(place), "data-go": true }, "Show in the article"),
      link && el("a", { href: link, rel: "noopener noreferrer", target: "_blank" }, "Original"),
      el("span", { class: "quiet" }, "Copy as"),
      ...Object.entries(FORMS).map(([name, form]) => el("button", { type: "button", "aria-label": `Copy the citation as ${name}`, onclick: () => taken(form(cited), name) }, name))));
}

/** Outlet, day and title of the report that came first, with a link where the archive has it. */
function firstReport(first, state) {
  const outlet = el("bdi", {}, shown(first.source ?? OUTLET));
  if (first.article_id === null) return [outlet];
  return [outlet, ` · ${day(first.published_at)} · `, el("a", { href: address({ ...state, article: first.article_id, text: null, start: null, end: null }), "data-go": true, dir: "auto" }, shown(first.title || first.article_id))];
}

const FORMS = {
  text: (one) => `“${unpaged(one.quote)}”\n${one.source ?? OUTLET}, “${one.title}”, ${day(one.published_at)}${onPage(one)} [${one.start}:${one.end}]${one.deep_link ? `\n${one.deep_link}` : ""}`,
  Markdown: (one) => `${unpaged(one.quote).split("\n").map((line) => `> ${escaped(line)}`).join("\n")}\n>\n> ${escaped(one.source ?? OUTLET)}, ${one.deep_link && safe(one.deep_link) ? `[${escaped(one.title)}](<${one.deep_link}>)` : escaped(one.title)}, ${day(one.published_at)}${onPage(one)} [${one.start}:${one.end}]`,
  JSON: (one) => JSON.stringify({ article_id: one.article_id, start: one.start, end: one.end, quote: one.quote, article_sha256: one.article_sha256, source: one.source, title: one.title, published_at: one.published_at, url: one.url }, null, 2),
};

/** ", page 3", where the article has pages. */
const onPage = (cited) => (cited.page ? `, page ${cited.page}` : "");

const escaped = (text) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");

async function taken(text, name) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied as ${name}`);
  } catch {
    say("The browser didn’t allow copying");
  }
}

/** A full article, with the quote marked. */
export function whole(article, state, back) {
  const link = safe(article.url);
  const found = state.start !== null && state.end !== null;
  const earlier = article.sha256 !== article.current;
  const at = (more) => address({ ...state, text: null, start: null, end: null, ...more });
  const rows = [["Outlet", article.source], ["Published", article.published_at], ["Authors", article.authors.join(", ")], ["ID", article.id], ["SHA-256", article.sha256]];
  return el("article", { class: "card" },
    back && el("p", {}, el("a", { href: at({ article: null }), "data-go": true }, "← Back to the answer")),
    el("h2", { dir: "auto", class: "answer" }, shown(article.title || article.id)),
    el("dl", {}, rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("bdi", {}, shown(value)))]),
      article.first_report && [el("dt", {}, "First reported by"), el("dd", {}, ...firstReport(article.first_report, state))]),
    link && el("p", {}, el("a", { href: link, rel: "noopener noreferrer", target: "_blank" }, "Original")),
    earlier && el("p", { class: "note" }, "This is an earlier version. ", el("a", { href: at({}), "data-go": true }, "Current version")),
    article.versions.length > 0 && !earlier && el("details", { class: "meta" },
      el("summary", {}, counted(article.versions.length, "earlier version")),
      el("ul", {}, article.versions.map((one) => el("li", {}, el("a", { href: at({ text: one.sha256 }), "data-go": true, dir: "auto" }, shown(one.title || article.id)), ` · ${day(one.published_at)}`)))),
    article.copies.length > 0 && el("details", { class: "meta" },
      el("summary", {}, counted(article.copies.length, "other article carries the same report", "other articles carry the same report")),
      el("ul", {}, article.copies.map((one) => el("li", {}, el("a", { href: at({ article: one.article_id }), "data-go": true, dir: "auto" }, shown(one.source ?? one.article_id)))))),
    el("div", { class: "text", dir: "auto", lang: article.language }, found ? marked(article.text, state.start, state.end, "quote") : shown(article.text)));
}
