// Prose about an answer, by the server's language model; each sentence has the numbers of its citations.

import { address } from "./state.js";
import { counted, el, shown } from "./elements.js";

/** An offer to have it written; shown only if the server can (`html.writes`). */
export const offer = (state) => el("p", { class: "offer" }, el("a", { href: address({ ...state, prose: "1" }), "data-go": true }, "Write it up"));

/** The place where it will appear. */
export const awaited = () => section(el("p", { role: "status" }, "Writing …"), el("div", { class: "bar" }, el("i", {})));

/** The reason why it could not be written. */
export const unwritten = (why, again) => section(el("p", {}, `No prose: ${shown(why)}.`), el("p", {}, el("button", { type: "button", onclick: again }, "Try again")));

/** The sentences that passed, with the numbers of their citations. */
export function paragraph(said, state) {
  const cited = said.answers.flatMap((one) => one.citations);
  const { sentences, dropped } = said.prose;
  return section(
    el("p", { class: "prose", dir: "auto" }, sentences.flatMap((one) => [shown(one.text), " ", ...one.citations.map((place) => mark(cited[place], place + 1, state)), " "])),
    sentences.length === 0 && el("p", {}, "None of its sentences was supported by the quotes."),
    el("p", { class: "meta" }, "Written by a language model from these quotes alone; each sentence was checked against the quotes it cites.", dropped > 0 && ` ${counted(dropped, "sentence")} dropped.`));
}

const mark = (one, number, state) => el("a", {
  href: address({ ...state, article: one.article_id, start: one.start, end: one.end }), "data-go": true, "aria-label": `[${number}] ${one.source ?? one.title}`,
}, `[${number}]`);

const section = (...content) => el("section", { class: "card", id: "prose", "aria-label": "In prose" }, el("h2", {}, "In prose"), content);
