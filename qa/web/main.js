// The page: it shows the state that its address describes.

import * as api from "./api.js";
import { adding, drop, progress } from "./upload.js";
import { figure, whole } from "./citation.js";
import { marking } from "./feedback.js";
import { awaited, offer, paragraph, unwritten } from "./prose.js";
import { saving } from "./export.js";
import * as filters from "./filters.js";
import { address, read } from "./state.js";
import { between, counted, day, el, say, shown } from "./elements.js";
import { timeline } from "./timeline.js";

const main = document.getElementById("main");
const form = document.getElementById("ask");
const question = document.getElementById("question");
const printed = document.getElementById("printed");
const SLOW = 150; // milliseconds after which it is shown that something is on its way
const AGAIN = 2000; // milliseconds after which a job whose server went away is looked for again

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
  // On paper there is no box that holds the question.
  printed.replaceChildren(el("h2", { dir: "auto" }, shown(q)), el("p", { class: "quiet" }, location.href));
}

function certainty(confidence) {
  const [, words] = CERTAINTY.find(([least]) => confidence >= least);
  return [`${words} (${confidence.toFixed(2)}) `, el("meter", { min: 0, max: 1, value: confidence, "aria-hidden": "true" })];
}

function card(answer, state, first, title) {
  return el("section", { class: `card ${answer.role}`, "aria-label": answer.text },
    title && el("h3", { dir: "auto" }, title),
    el("p", { class: "answer", dir: "auto" }, shown(answer.text)),
    el("p", { class: "meta" }, certainty(answer.confidence), ` · ${counted(answer.origins, "independent origin")} · ${between(answer.first_published, answer.last_published)}`),
    answer.citations.map((cited, number) => figure(cited, state, first + number + 1)),
    answer.role === "current" && marking(state.q, answer));
}

function reply(said, state) {
  if (said.status === "not_found") return refused(said, state);
  // Prose numbers the citations of all answers, one answer after the other.
  const first = new Map(said.answers.map((one, at) => [one, state.prose ? said.answers.slice(0, at).flatMap((before) => before.citations).length : 0]));
  const shownAs = (one, title) => card(one, state, first.get(one), title);
  const current = said.answers.filter((one) => one.role === "current");
  const earlier = said.answers.filter((one) => one.role === "earlier");
  const drawn = earlier.length > 0 ? timeline(said.answers) : null; // other events are no movement
  const cards = said.status === "ambiguous"
    ? [el("h2", {}, "Several events match this question"), el("div", { class: "side" }, current.map((one) => shownAs(one, one.about ? shown(one.about) : "One event")))]
    : current.length > 1
      ? [el("h2", {}, "Reports disagree"), el("div", { class: "side" }, current.map((one) => shownAs(one)))]
      : current.map((one) => shownAs(one));
  return [
    leftOut(said, state),
    ...cards,
    drawn && el("section", { class: "card" }, el("h2", {}, "How the figure changed"), drawn),
    earlier.length > 0 && el("h2", {}, "Earlier"),
    earlier.length > 0 && el("div", { class: "side" }, earlier.map((one) => shownAs(one))),
    state.prose ? awaited() : offer(state),
    saving(state),
  ].filter(Boolean);
}

/** That there is no answer: in the archive, or in what passes the filters. */
function silence({ reason, passing }) {
  if (!passing || reason === "nothing_matches_filter") return REASONS[reason] ?? REASONS.low_confidence;
  const [who, has, says] = passing === 1 ? ["This one article", "has", "doesn’t"] : [`These ${counted(passing, "article")}`, "have", "don’t"];
  return reason === "no_relevant_article" ? `${who} ${has} nothing about this.` : `${who} ${says} say.`;
}

/** How many undated articles the filters left out, with a link that includes them. */
const leftOut = ({ undated_left_out: count }, state) => count > 0 && el("p", { class: "meta left-out" },
  `${counted(count, "undated article")} ${count === 1 ? "was" : "were"} left out. `,
  el("a", { href: address({ ...state, undated: "include" }), "data-go": true }, count === 1 ? "Include it" : "Include them"));

function refused(said, state) {
  if (said.reason === "empty_archive") return [empty()];
  return [
    el("section", { class: "card" }, el("p", { class: "answer" }, silence(said)),
      leftOut(said, state),
      said.reason === "nothing_matches_filter" && el("p", {}, el("button", { type: "button", onclick: clear }, "Ask without filters")),
      said.reason !== "nothing_matches_filter" && marking(state.q, null)),
    said.nearest.length > 0 && el("h2", {}, "The nearest passages"),
    ...said.nearest.map((hit) => el("figure", { class: "card" },
      el("blockquote", { dir: "auto" }, shown(hit.text)),
      el("figcaption", { class: "meta" }, el("bdi", {}, shown(hit.source ?? "an unnamed outlet")), ` · ${day(hit.published_at)} · `,
        el("a", { href: address({ ...state, article: hit.article_id, start: hit.start, end: hit.end }), "data-go": true, dir: "auto" }, shown(hit.title || hit.article_id))))),
  ].filter(Boolean);
}

const empty = () => el("section", { class: "card" },
  el("p", { class: "answer" }, "This archive is empty."),
  drop((job) => go(address({ job: job.id })), (error) => show(failed(error, render))),
  el("p", {}, "Or fill it from the command line:"),
  el("pre", {}, "citewire ingest --archive archive articles/"));

function failed(error, again) {
  if (error.status === 401) return key(again);
  return el("section", { class: "card wrong", role: "alert" },
    el("p", { class: "answer" }, error.status === 404 ? `${read().job === null ? "Article" : "Job"} not found.` : error.status >= 500 || error.status === 0 ? "Couldn’t get an answer." : "The server didn’t accept this request."),
    el("p", {}, shown(error.message)),
    error.status === 422 && filters.set(read())
      ? el("button", { type: "button", onclick: clear }, "Ask without filters")
      : error.status !== 404 && el("button", { type: "button", onclick: again }, "Try again"));
}

function key(again) {
  const given = el("input", { type: "password", id: "key", autocomplete: "off", "aria-label": "Key" });
  return el("form", { class: "card", onsubmit: (event) => { event.preventDefault(); api.keep(given.value.trim()); overview(); again(); } },
    el("p", { class: "answer" }, "This archive needs a key."),
    el("p", {}, given, " ", el("button", { type: "submit" }, "Continue")),
    el("p", { class: "meta" }, "The key is kept in this tab only, and sent only to this server."));
}

// What is fetched

async function fetched(what) {
  const mine = (going = new AbortController());
  const slow = setTimeout(() => show(el("div", { class: "card", role: "status" }, el("p", {}, "Reading the archive …"), el("div", { class: "bar" }, el("i", {})))), SLOW);
  try {
    return await what(mine.signal);
  } finally {
    clearTimeout(slow);
  }
}

async function render() {
  const state = read();
  fill(state);
  going?.abort();
  try {
    if (state.article !== null) {
      const found = await fetched((signal) => api.article(state.article, state.text, signal));
      show(whole(found, state, state.q !== ""));
      document.getElementById("quote")?.scrollIntoView({ block: "center" });
    } else if (state.job !== null) {
      await follow(state.job);
    } else if (state.view === "add") {
      const { jobs } = await fetched(api.jobs);
      show(...adding(jobs, go, (error) => show(failed(error, render))));
    } else if (state.q.trim()) {
      const plain = { ...state, prose: null };
      const at = address(plain);
      const said = replies.get(at) ?? (await fetched((signal) => api.ask(plain, signal)));
      replies.set(at, said);
      show(...reply(said, state));
      if (state.prose && said.status !== "not_found") await write(state);
    } else {
      show(...(held && held.articles === 0 ? [empty()] : []));
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof api.Refusal)) throw error;
    show(failed(error, render));
  }
}

async function write(state) {
  const at = address(state);
  const place = document.getElementById("prose");
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
  const report = await fetched((signal) => api.job(id, signal));
  const moving = progress(report, () => api.cancel(id).catch((error) => say(error.message)));
  const mine = going;
  show(moving.card);
  for (let job = report.job; !job.finished; ) {
    try {
      await api.watch(id, moving.update, mine.signal);
      const now = await api.job(id, mine.signal);
      ({ job } = now);
      moving.update(job);
      moving.tell(now);
    } catch (error) {
      if (!(error instanceof api.Refusal) || error.status) throw error;
      moving.lost(); // the server may be restarting
      await new Promise((go_on) => setTimeout(go_on, AGAIN));
    }
  }
  overview();
}

async function overview() {
  try {
    held = await api.archive();
  } catch {
    return; // the request itself reports what is wrong
  }
  document.documentElement.classList.toggle("writes", held.writer);
  const days = held.first_published ? `, ${day(held.first_published)} to ${day(held.last_published)}` : "";
  document.getElementById("about").textContent = `${counted(held.articles, "article")}, ${counted(held.sources.length, "outlet")}${days}`;
  filters.offer(held.sources, held.articles_without_date);
  fill(read());
  const { q, article, job, view } = read();
  if (!q && article === null && job === null && view === null) render();
}

// The form

function fill(state) {
  if (document.activeElement !== question || !question.value) question.value = state.q;
  filters.fill(state);
}

function formed() {
  return { q: question.value.trim(), ...filters.chosen(), article: null, start: null, end: null, text: null, view: null, job: null, prose: null };
}

function go(to) {
  if (to !== location.search) history.pushState(null, "", to);
  render();
}

function clear() {
  go(address(filters.cleared(read())));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const state = formed();
  if (!state.q) return question.focus();
  replies.delete(address(state)); // asked again: the archive may have changed
  go(address(state));
  main.focus({ preventScroll: true });
});
document.getElementById("clear").addEventListener("click", clear);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go], a[data-home]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.matches("[data-home]") ? location.pathname : link.getAttribute("href"));
  if (link.matches("[data-home]")) question.focus();
  else main.focus({ preventScroll: true });
});
addEventListener("popstate", render);
addEventListener("unhandledrejection", () => say("Something went wrong on this page; reload it"));

overview();
render();
