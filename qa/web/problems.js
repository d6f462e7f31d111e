// What goes wrong, in a reader's words: what it is, what to do, and a way on.

import { at } from "./state.js";
import { cleared, isDay, set } from "./filters.js";
import { button, day, digits, el, link, sentence, shown } from "./elements.js";

const LONGEST = 2000; // characters of a question
const NAMES = { from: "from", to: "to", as_of: "as of" };
const FIELDS = { "/question": "The question", "/as_of": "“as of”", "/filters/published_from": "“from”", "/filters/published_to": "“to”", "/filters/sources": "The list of outlets" };

/** A card that says what is wrong; `ways` are links and buttons. */
const problem = (title, words, ...ways) => el("section", { class: "card wrong", role: "alert" },
  el("h2", { class: "answer" }, title), el("p", {}, words), el("p", { class: "actions" }, ways));

/** Why a state can't be asked, as a card; null if it can. */
export function obstacle(state) {
  if (!/[\p{L}\p{N}_]/u.test(state.q)) return problem("This question can’t be processed.", "It has no words. Ask in a whole sentence, such as: Who signed the contract?");
  if (state.q.length > LONGEST) return problem("This question is too long.", `It has ${digits(state.q.length)} characters, and at most ${digits(LONGEST)} can be asked. Shorten it and ask again.`);
  for (const name of Object.keys(NAMES)) {
    if (state[name] && !isDay(state[name])) {
      return problem("This date can’t be read.", `“${shown(state[name])}”, for “${NAMES[name]}”, is not a day of the calendar. Choose one under Filters, or write year, month and day: 2026-01-28.`, link({ ...state, [name]: "" }, "Ask without this date"));
    }
  }
  const { from, to, as_of } = state;
  if (from && to && from > to) return problem("These dates leave no day.", `“from” (${day(from)}) is after “to” (${day(to)}).`, link({ ...state, from: to, to: from }, "Swap them"));
  if (from && as_of && from > as_of) return problem("These dates leave no day.", `“from” (${day(from)}) is after “as of” (${day(as_of)}): nothing published since the one was known by the other.`, link({ ...state, from: "" }, "Ask without “from”"));
  return null;
}

/** What the server refused, or that it can't be reached, as a card; `again` does it once more. */
export function failed(error, state, again) {
  const retry = button("Try again", again);
  if (error.status === 404) return missing(state);
  if (error.status === 0) return problem("The server can’t be reached.", "Is it still running? If you reach it over a network, check your connection.", retry);
  if (error.status === 429) return problem("Too many requests.", "Wait a minute before you try again.", retry);
  if (error.status === 503) return problem("The archive can’t answer right now.", sentence(error.message), retry);
  if (error.status >= 500) return problem("Something went wrong on the server.", sentence(error.message), retry);
  if (error.status === 403) return problem("This key may only read.", "What you asked for needs a write key.");
  const words = error.errors.map((one) => (FIELDS[one.location] ? `${FIELDS[one.location]} ${one.message}` : "Something in this page’s address is not valid"));
  return problem(state.q ? "This question can’t be processed." : "This page can’t be shown.", [...new Set(words.length ? words : [error.message])].map((one) => sentence(one)).join(" "),
    ...(set(state) ? [link(cleared(state), "Ask without filters")] : []));
}

function missing(state) {
  const back = state.q ? link(at(state), "Back to the answer") : link({}, "Ask the archive");
  if (state.job !== null) return problem("Job not found.", "Its report may have been removed, or the address is incomplete.", link({ view: "add" }, "All jobs"));
  if (state.text !== null) return problem("Version not found.", "The archive has no such version of this article.", link(at(state, state.article), "Current version"), back);
  return problem("Article not found.", "It may have been deleted, or the address is incomplete.", back);
}
