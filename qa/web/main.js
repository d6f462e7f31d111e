// The page: it shows the state that its address describes.

import * as api from "./api.js";
import { adding, drop, progress } from "./upload.js";
import { figure, idOf, placeOf } from "./citation.js";
import { header, reveal, whole } from "./article.js";
import { failed, obstacle } from "./problems.js";
import { marking } from "./feedback.js";
import { awaited, offer, paragraph, unwritten } from "./prose.js";
import { saving } from "./export.js";
import * as filters from "./filters.js";
import * as question from "./question.js";
import { address, at, read } from "./state.js";
import { bdi, between, button, by, counted, day, el, link, say, sentence, shown } from "./elements.js";
import { timeline, unitOf } from "./timeline.js";

const main = by("main");
const form = by("ask");
const SLOW = 150; // milliseconds after which it is shown that something is on its way
const STARTING = 1000; // milliseconds after which it is looked whether the server is still starting, and again

// As the command line says it (qa/cli/terminal.py).
const CERTAINTY = [[0.95, "almost certain"], [0.85, "very likely"], [0.65, "likely"], [0.4, "uncertain"], [0, "doubtful"]];

const REASONS = {
  empty_archive: "The archive is empty.",
  nothing_matches_filter: "No article matches all of these filters.",
  no_relevant_article: "The archive has nothing about this.",
  low_confidence: "The archive doesn’t say.",
};

let held = null; // the archive's overview
let going = null; // what aborts the current request
const replies = new Map(); // by address, so that going back is at once

// What is shown

function show(...content) {
  const { q } = read();
  main.replaceChildren(...content);
  document.title = [q, "Citewire"].filter(Boolean).join(" – ");
  by("printed").textContent = location.href;
  // Read out, wherever the focus is.
  by("told").textContent = [...main.querySelectorAll(".answer")].map((one) => one.textContent).join("; ");
}

function certainty(confidence) {
  const [, words] = CERTAINTY.find(([least]) => confidence >= least);
  return [`${words} (${confidence.toFixed(2)}) `, el("meter", { min: 0, max: 1, value: confidence, "aria-hidden": "true" })];
}

/** The question, as the heading of what answers it. */
const asked = (state) => el("h2", { class: "asked", dir: "auto" }, shown(state.q));

function card(answer, state, first, ...title) {
  return el("section", { class: `card ${answer.role}`, "aria-label": answer.text },
    title,
    el("p", { class: "answer", dir: "auto" }, shown(answer.text)),
    el("p", { class: "meta" }, certainty(answer.confidence), ` · ${counted(answer.origins, "independent origin")} · ${between(answer.first_published, answer.last_published)}`),
    answer.citations.map((cited, number) => figure(cited, state, first + number + 1)),
    answer.role === "current" && marking(state.q, answer));
}

function reply(said, state) {
  if (said.status === "not_found") return refused(said, state);
  // Prose numbers the citations of all answers, one answer after the other.
  const first = new Map(said.answers.map((one, at) => [one, state.prose ? said.answers.slice(0, at).flatMap((before) => before.citations).length : 0]));
  const shownAs = (one, ...title) => card(one, state, first.get(one), ...title);
  const current = said.answers.filter((one) => one.role === "current");
  const earlier = said.answers.filter((one) => one.role === "earlier");
  const drawn = earlier.length > 0 ? timeline(said.answers) : null; // other events are no movement
  const unit = unitOf(said.answers);
  const cards = said.status === "ambiguous"
    ? [asked(state), el("h3", {}, "Several events match this question. Which one do you mean?"), el("div", { class: "side" }, current.map((one) => shownAs(one, event(one, state))))]
    : current.length > 1
      ? [asked(state), el("h3", {}, independent(current) ? "Reports disagree" : "Copies of one report disagree"), el("div", { class: "side" }, current.map((one) => shownAs(one)))]
      : current.map((one) => shownAs(one, asked(state)));
  return [
    leftOut(said, state),
    ...cards,
    said.candidates.length > 0 && lessSure(said.candidates, state),
    drawn && el("section", { class: "card" }, el("h3", {}, `How the figure changed${unit ? ` (${unit})` : ""}`), drawn),
    earlier.length > 0 && el("h3", {}, "Earlier"),
    earlier.length > 0 && el("div", { class: "side" }, earlier.map((one) => shownAs(one))),
    state.prose ? awaited() : offer(state),
    saving(state),
  ].filter(Boolean);
}

/** The heading of one of several events: a click asks about that one. */
function event(answer, state) {
  if (!answer.about) return el("h4", {}, "One event");
  const [, names, on] = answer.about.match(/^(.*?)(?:, )?(\d{4}-\d{2}-\d{2})?$/);
  const meant = names ? { q: `${state.q} (${names})` } : { from: on, to: on };
  return el("h4", {}, link({ ...plain(state), ...meant }, [shown(names), on && day(on)].filter(Boolean).join(" · ")));
}

const independent = (answers) => new Set(answers.flatMap((one) => one.citations.map((cited) => cited.origin))).size > 1;

/** Other figures that were found, a line each: the figure, its outlet and day, and a link to where it stands. */
const lessSure = (candidates, state) => el("section", { class: "meta" }, el("p", {}, "Other figures found, less sure:"),
  el("ul", {}, candidates.map((one) => el("li", {}, link(placeOf(one.citation, state), shown(one.text)), " – ",
    bdi(one.citation.source ?? "an unnamed outlet"), `, ${day(one.citation.published_at)}`, one.in_headline && " (headline)"))));

/** That there is no answer: in the archive, or in what passes the filters. */
function silence({ reason, passing }) {
  if (!passing || reason === "nothing_matches_filter") return REASONS[reason] ?? REASONS.low_confidence;
  const [who, has, says] = passing === 1 ? ["This one article", "has", "doesn’t"] : [`These ${counted(passing, "article")}`, "have", "don’t"];
  return reason === "no_relevant_article" ? `${who} ${has} nothing about this.` : `${who} ${says} say.`;
}

/** How many undated articles the filters left out, with a link that includes them. */
const leftOut = ({ undated_left_out: count }, state) => count > 0 && el("p", { class: "meta left-out" },
  `${counted(count, "undated article")} ${count === 1 ? "was" : "were"} left out. `,
  link({ ...state, undated: "include" }, count === 1 ? "Include it" : "Include them"));

function refused(said, state) {
  if (said.reason === "empty_archive") return [empty()];
  return [
    el("section", { class: "card" }, asked(state), el("p", { class: "answer" }, silence(said)),
      leftOut(said, state),
      said.reason === "nothing_matches_filter" && el("p", {}, button("Ask without filters", clear)),
      said.reason !== "nothing_matches_filter" && marking(state.q, null)),
    said.nearest.length > 0 && el("h3", {}, "The nearest passages"),
    ...said.nearest.map((hit) => el("figure", { class: "card", id: idOf(hit), tabindex: -1 },
      el("blockquote", { dir: "auto" }, shown(hit.text)),
      el("figcaption", { class: "meta" }, bdi(hit.source ?? "an unnamed outlet"), ` · ${day(hit.published_at)} · `,
        link(placeOf(hit, state), shown(hit.title || hit.article_id))))),
  ].filter(Boolean);
}

const empty = () => el("section", { class: "card" },
  el("h2", { class: "answer" }, "This archive is empty."),
  held?.may_write === false ? el("p", {}, "Your key may only read; somebody with a write key can add articles.") : [
    drop(go, wrong),
    el("p", {}, "Or fill it from the command line:"),
    el("pre", {}, "citewire ingest --archive archive articles/")]);

const wrong = (error) => show(error.status === 401 ? key("This archive needs a key.") : failed(error, read(), render));

/** A form for the key. */
function key(title, ...why) {
  const given = el("input", { type: "password", id: "key", autocomplete: "off", "aria-label": "Key" });
  return el("form", { class: "card", onsubmit: (event) => { event.preventDefault(); api.keep(given.value.trim()); overview().then(render); } },
    el("h2", { class: "answer" }, title), why,
    el("p", {}, given, " ", el("button", { type: "submit" }, "Continue")),
    el("p", { class: "meta" }, "The key is kept in this tab only, and sent only to this server."));
}

// What is fetched

async function fetched(what) {
  const mine = (going = new AbortController());
  const words = el("p", {}, "Reading the archive …");
  const slow = setTimeout(() => show(el("div", { class: "card", role: "status" }, words, el("div", { class: "bar" }, el("i", {})))), SLOW);
  const looking = setInterval(async () => {
    words.textContent = (await api.starting()) ? "Starting: loading the models. This takes some seconds, once after the server was started …" : "Reading the archive …";
  }, STARTING);
  try {
    return await what(mine.signal);
  } finally {
    clearTimeout(slow);
    clearInterval(looking);
  }
}

/** The reply to a state's question, kept so that going back is at once. */
async function answered(state, ask) {
  const said = replies.get(address(state)) ?? (await ask((signal) => api.ask(state, signal)));
  replies.set(address(state), said);
  return said;
}

const plain = (state) => at(state, null, { prose: null });

/** Show an article; what it is a quote of is asked for meanwhile, where the page was opened here. */
async function open(state) {
  const quotesOf = (said) => (said.answers.length > 0 ? said.answers.flatMap((one) => one.citations) : said.nearest);
  const kept = replies.get(address(plain(state)));
  const found = await fetched((signal) => api.article(state.article, state.text, signal));
  show(whole(found, state, kept ? quotesOf(kept) : []));
  reveal();
  if (kept || !state.q || obstacle(state)) return;
  const { signal } = going;
  const said = await answered(plain(state), (ask) => ask(signal)).catch(() => null); // the article stands without it
  if (said && !signal.aborted) document.querySelector(".slim").replaceWith(header(found, state, quotesOf(said)));
}

/** Show the state of the address; unless `moved` there, what is being typed into the box stays. */
async function render({ moved = true } = {}) {
  const state = read();
  fill(state, moved);
  going?.abort();
  try {
    if (state.article !== null) {
      await open(state);
    } else if (state.job !== null) {
      await follow(state.job);
    } else if (state.view === "add") {
      await add();
    } else if (state.q.trim()) {
      const cannot = obstacle(state);
      if (cannot) return show(cannot);
      const said = await answered(plain(state), fetched);
      show(...reply(said, state));
      if (state.prose && said.status !== "not_found") await write(state);
    } else {
      show(...(held && held.articles === 0 ? [empty()] : []));
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof api.Refusal)) throw error;
    wrong(error);
  }
}

async function add() {
  if (!held) await overview();
  if (held?.may_write === false) return show(key("Adding articles needs a write key.", el("p", {}, "Your key may only read.")));
  const { jobs } = await fetched(api.jobs);
  show(...adding(jobs, go, wrong));
}

async function write(state) {
  const at = address(state);
  const place = by("prose");
  const mine = (going = new AbortController());
  try {
    const said = replies.get(at) ?? (await api.ask(state, mine.signal));
    if (!said.prose?.failed) replies.set(at, said);
    place.replaceWith(said.status === "not_found" || said.prose.failed ? unwritten(said.prose.failed ?? "the archive no longer has an answer", render) : paragraph(said, state));
  } catch (error) {
    if (!(error instanceof api.Refusal) || error.status === 401) throw error;
    place.replaceWith(unwritten(error.message, render));
  }
}

async function follow(id) {
  const { card, tell } = progress(() => api.cancel(id).catch((error) => say(sentence(error.message))));
  tell(await fetched((signal) => api.job(id, signal)));
  show(card);
  await api.follow(id, tell, going.signal);
}

async function overview() {
  try {
    held = await api.archive();
  } catch {
    return; // the request itself reports what is wrong
  }
  document.documentElement.classList.toggle("writes", held.writer);
  document.documentElement.classList.toggle("may-write", held.may_write);
  const days = held.first_published ? `, ${day(held.first_published)} to ${day(held.last_published)}` : "";
  by("about").textContent = `${counted(held.articles, "article")}, ${counted(held.sources.length, "outlet")}${days}`;
  filters.offer(held.sources, held.articles_without_date);
  fill(read(), false);
  const { q, article, job, view } = read();
  if (!q && article === null && job === null && view === null) render({ moved: false });
}

// The form, and moving about

function fill(state, moved) {
  question.fill(state.q, moved);
  filters.fill(state);
}

function formed() {
  return { ...plain(read()), q: question.typed(), ...filters.chosen(), view: null, job: null };
}

/** Go to an address, from an element of what is left, which is found again where it was. */
function go(to, from = null) {
  if (to !== location.search) {
    history.replaceState({ ...history.state, y: scrollY, at: from?.closest("figure")?.id }, "");
    history.pushState({ back: address(read()) }, "", to);
    scrollTo(0, 0);
  }
  render();
}

const clear = () => go(address(filters.cleared(plain(read()))));

/** Ask again what was asked, with other filters; without a question they are kept in the address. */
filters.whenChanged(() => {
  const state = { ...read(), ...filters.chosen() };
  if (state.q) history.pushState({ back: address(read()) }, "", address(plain({ ...state, view: null, job: null })));
  else history.replaceState(history.state, "", address(state));
  if (state.q) render({ moved: false });
  else fill(state, false);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const state = formed();
  if (!state.q) return question.focus();
  replies.delete(address(state)); // asked again: the archive may have changed
  go(address(state));
  main.focus({ preventScroll: true });
});
by("clear").addEventListener("click", clear);
document.addEventListener("click", (event) => {
  const clicked = event.target.closest("a[data-go], a[href^='#']");
  if (!clicked || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const to = clicked.getAttribute("href");
  if (to.startsWith("#")) return by(to.slice(1))?.focus();
  if (clicked.matches("[data-back]") && history.state?.back === to) return history.back();
  if (clicked.dataset.go === "instead") {
    history.replaceState(history.state, "", to);
    return render();
  }
  go(to, clicked);
  if (location.search) main.focus({ preventScroll: true });
  else question.focus();
});
addEventListener("popstate", async ({ state }) => {
  await render();
  if (state?.y === undefined) return;
  scrollTo(0, state.y);
  (by(state.at)?.querySelector("a") ?? main).focus({ preventScroll: true });
});
addEventListener("ingested", overview);
addEventListener("unhandledrejection", () => say("Something went wrong on this page; reload it"));

overview();
render({ moved: false });
