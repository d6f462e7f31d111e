// Adding articles: a place to drop or choose files, the list of jobs, and the progress and report of one.

import * as api from "./api.js";
import { address } from "./state.js";
import { named } from "./citation.js";
import { bdi, button, counted, digits, el, link, moment, sentence, shown } from "./elements.js";

const STATES = { queued: "Waiting", running: "Running", done: "Done", cancelled: "Cancelled", failed: "Failed" };
const OUTCOMES = ["added", "updated", "unchanged", "rejected"];
const KINDS = ".jsonl, .json, .csv, .tsv, .xml, .rss, .atom, .nitf, .html, .pdf, .md and .txt, also compressed as .gz, .xz or .zst; several files packed as .zip or .tar";
const LOST = "The server can’t be reached; trying again …";

const over = (job) => ["done", "cancelled", "failed"].includes(job.state);

/** Fields for what the articles of a file lack: the element, and what was filled in. */
function lacking() {
  const inputs = [["source", "Outlet", "text"], ["published", "Published", "date"], ["title", "Title, of a single article", "text"], ["language", "Language, such as en", "text"]].map(
    ([name, label, type]) => [label, el("input", { name, type, autocomplete: "off" })]);
  const place = el("details", { class: "lacking" }, el("summary", {}, "If the file doesn’t say it"),
    inputs.map(([label, input]) => el("label", {}, `${label} `, input)));
  return { place, filled: () => Object.fromEntries(inputs.map(([, input]) => [input.name, input.value.trim()]).filter(([, value]) => value)) };
}

// The files that were handed over since the page was opened: they stay when one looks at something else meanwhile.
const handed = el("ul", { class: "files", "aria-label": "Files" });
let uploads = 0;
addEventListener("beforeunload", (event) => uploads > 0 && event.preventDefault());

/** A place to drop or choose files. `go` is called with the address of a single one's job; each of several has a row. */
export function drop(go, failed) {
  const input = el("input", { type: "file", id: "file", multiple: true, class: "hidden", onchange: () => take([...input.files]) });
  const fields = lacking();
  const place = el("div", { class: "drop" },
    el("p", {}, el("label", { for: "file", class: "button" }, "Choose files"), input, " or drop them here"),
    el("p", { class: "meta" }, `Accepted: ${KINDS}.`), fields.place);
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  async function take(files) {
    input.value = "";
    const rows = files.map((file) => row(file.name));
    handed.prepend(...rows.map((one) => one.place));
    const { title, ...given } = fields.filled();
    const alone = files.length === 1;
    if (alone && title) given.title = title; // which is that of a single article
    for (const [number, file] of files.entries()) await send(file, rows[number], given, alone);
  }
  async function send(file, one, given, alone) {
    uploads += 1;
    try {
      const { id } = await api.upload(file, one.sent, given);
      if (alone && place.isConnected) go(address({ job: id }));
      api.follow(id, one.tell).catch(one.fail);
    } catch (error) {
      if (error.status === 401) return failed(error);
      one.fail(error); // and the others go on
    } finally {
      uploads -= 1;
    }
  }
  return el("div", {}, place, handed);
}

/** The row of a file: its name, its progress and what became of it. */
function row(name) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": `Progress of ${name}` });
  const said = el("span", { role: "status" }, "Waiting");
  const report = el("span");
  const place = el("li", {}, bdi(name), " · ", bar, " ", said, " ", report);
  function tell(now) {
    said.textContent = now ? told(now) : LOST;
    if (!now) return;
    advance(bar, now.job);
    bar.hidden = over(now.job);
    place.classList.toggle("fault", now.job.state === "failed");
    report.replaceChildren(link({ job: now.job.id }, "Report", { "aria-label": `Report on ${name}` }));
  }
  function fail(error) {
    bar.hidden = true;
    said.textContent = error.status === 415 ? "This kind of file can’t be read." : sentence(error.message);
    place.classList.add("fault");
  }
  return { place, tell, fail, sent: (part) => { bar.value = part; said.textContent = `Uploading, ${Math.floor(part * 100)} %`; } };
}

/** The page for adding articles: the place for files, and the jobs so far. */
export function adding(jobs, go, failed) {
  return [
    el("h2", {}, "Add articles"),
    drop(go, failed),
    jobs.length > 0 && el("h2", {}, "Jobs"),
    jobs.length > 0 && el("ul", { class: "jobs" }, jobs.map((job) => el("li", {},
      link({ job: job.id }, shown(job.name)), el("span", { class: "meta" }, ` ${told({ job })} · ${moment(job.created)}`)))),
  ].filter(Boolean);
}

/** The card of one job, and what tells it the job's report. */
export function progress(cancel) {
  const bar = el("progress", { max: 1, "aria-label": "Progress" });
  const title = el("h2", { class: "answer", dir: "auto" });
  const meta = el("p", { class: "meta", role: "status" });
  const stop = button("Cancel", cancel);
  const list = el("ul", { class: "rejections" });
  const rejected = el("section", { hidden: true }, el("h3", {}, "Rejected"), list);
  const notes = el("ul", { class: "warnings" });
  const warned = el("section", { hidden: true }, el("h3", {}, "Warnings"), notes);
  const problem = el("p", { class: "fault" });
  const undated = el("p", { class: "note undated", hidden: true });
  const came = el("section", { hidden: true }, el("h3", {}, "Articles"));
  function tell(report) {
    meta.textContent = report ? told(report) : LOST;
    if (!report) return;
    const { job, rejections, warnings } = report;
    title.textContent = shown(job.name);
    advance(bar, job);
    problem.textContent = job.problem ? sentence(job.problem) : "";
    stop.hidden = over(job);
    undated.hidden = job.undated === 0;
    undated.textContent = `${counted(job.undated, "article has", "articles have")} no date: filters by date leave ${job.undated === 1 ? "it" : "them"} out.`;
    warned.hidden = warnings.length === 0;
    notes.replaceChildren(...warnings.map((one) => el("li", {}, bdi(one.where), ": ", bdi(one.warning), one.records > 1 && ` (and ${counted(one.records - 1, "more record")})`)));
    rejected.hidden = rejections.length === 0;
    list.replaceChildren(...rejections.map((one) => el("li", {}, bdi(one.where), ": ", bdi(one.reason))),
      report.next_after === null ? "" : el("li", {}, `These are the first ${rejections.length}.`));
    if (over(job) && came.hidden && job.done > job.rejected) {
      came.hidden = false;
      articles(job.id, came);
    }
  }
  const card = el("section", { class: "card" }, title, bar, meta, problem, undated,
    el("p", { class: "actions" }, stop, link({}, "Ask about it"), link({ view: "add" }, "All jobs")), rejected, warned, came);
  return { card, tell };
}

/** List the articles of a job, a page at a time. */
async function articles(job, place, cursor = null) {
  const page = await api.articles(job, cursor).catch(() => null);
  if (page === null) return;
  place.append(el("ul", {}, page.articles.map((one) => el("li", {}, ...named({ ...one, article_id: one.id }, {})))));
  if (page.next_cursor) {
    const more = button("More", () => { more.remove(); articles(job, place, page.next_cursor); });
    place.append(more);
  }
}

function advance(bar, job) {
  bar.max = Math.max(1, job.records ?? 0, job.done);
  if (job.records === null && !over(job)) bar.removeAttribute("value");
  else bar.value = job.state === "done" ? bar.max : job.done;
}

/** A job's state and what became of its records. */
const told = ({ job }) => `${STATES[job.state]}${over(job) || !job.records ? "" : `, ${digits(job.done)} of ${digits(job.records)}`}${counts(job)}${job.undated ? `, ${digits(job.undated)} without a date` : ""}`;

const counts = (job) => OUTCOMES.filter((name) => job[name]).map((name, number) => `${number ? "," : " ·"} ${digits(job[name])} ${name}`).join("");
