// Adding articles: a place to drop or choose a file, the list of jobs, and the progress of one.

import * as api from "./api.js";
import { address } from "./state.js";
import { counted, el, shown } from "./elements.js";

const STATES = { queued: "Waiting", running: "Running", done: "Done", cancelled: "Cancelled", failed: "Failed" };
const OUTCOMES = ["added", "updated", "unchanged", "rejected"];
const KINDS = ".jsonl, .json, .csv, .tsv, .xml, .rss, .atom, .nitf, .html, .pdf, .md and .txt, also compressed as .gz, .xz or .zst; several files packed as .zip or .tar";

const over = (job) => ["done", "cancelled", "failed"].includes(job.state);

/** A place to drop or choose a file; `taken` is called with its job. */
export function drop(taken, failed) {
  const input = el("input", { type: "file", id: "file", class: "hidden", onchange: () => input.files[0] && send(input.files[0]) });
  const said = el("p", { class: "meta", role: "status" }, `Accepted: ${KINDS}.`);
  const bar = el("progress", { hidden: true, max: 1, value: 0, "aria-label": "Upload" });
  const place = el("div", { class: "drop" },
    el("p", {}, el("label", { for: "file", class: "button" }, "Choose a file"), input, " or drop it here"), bar, said);
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files.length > 1) said.textContent = "One file at a time; pack several as .zip or .tar.";
    else if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
  });
  async function send(file) {
    bar.hidden = false;
    said.textContent = `Uploading ${file.name} …`;
    try {
      taken(await api.upload(file, (part) => { bar.value = part; }));
    } catch (error) {
      bar.hidden = true;
      input.value = "";
      if (error.status === 401) return failed(error);
      said.textContent = shown(error.message);
    }
  }
  return place;
}

/** The page for adding articles: the place for a file, and the jobs so far. */
export function adding(jobs, go, failed) {
  return [
    el("h2", {}, "Add articles"),
    drop((job) => go(address({ job: job.id })), failed),
    jobs.length > 0 && el("h2", {}, "Jobs"),
    jobs.length > 0 && el("ul", { class: "jobs" }, jobs.map((job) => el("li", {},
      el("a", { href: address({ job: job.id }), "data-go": true, dir: "auto" }, shown(job.name)), el("span", { class: "meta" }, ` ${STATES[job.state]} · ${counts(job)} · ${moment(job.created)}`)))),
  ].filter(Boolean);
}

/** One job and its progress. */
export function progress(report, cancel) {
  const bar = el("progress", { max: 1, "aria-label": "Progress" });
  const title = el("p", { class: "answer", dir: "auto" });
  const meta = el("p", { class: "meta", role: "status" });
  const stop = el("button", { type: "button", onclick: cancel }, "Cancel");
  const list = el("ol", { class: "rejections" });
  const rejected = el("section", { hidden: true }, el("h2", {}, "Rejected"), list);
  const problem = el("p", {});
  const undated = el("p", { class: "undated" });
  const notes = el("ul", {});
  const warned = el("section", { hidden: true }, el("h2", {}, "Warnings"), notes);
  function update(job) {
    title.textContent = shown(job.name);
    bar.max = Math.max(1, job.records ?? 0, job.done);
    if (job.records === null && !over(job)) bar.removeAttribute("value");
    else bar.value = job.state === "done" ? bar.max : job.done;
    meta.textContent = `${STATES[job.state]} · ${job.done.toLocaleString("en")}${job.records && !over(job) ? ` of ${job.records.toLocaleString("en")}` : ""} · ${counts(job)}`;
    undated.textContent = job.undated ? `${counted(job.undated, "article")} without a date: filters by date leave ${job.undated === 1 ? "it" : "them"} out.` : "";
    problem.textContent = job.problem ? shown(job.problem) : "";
    stop.hidden = over(job);
  }
  function lost() {
    meta.textContent = "The server can’t be reached; trying again …";
  }
  function tell({ rejections, warnings }) {
    warned.hidden = warnings.length === 0;
    notes.replaceChildren(...warnings.map((one) => el("li", {}, el("bdi", {}, shown(one.where)), ": ", el("bdi", {}, shown(one.warning)), one.records > 1 && ` (and ${counted(one.records - 1, "more record")})`)));
    rejected.hidden = rejections.length === 0;
    list.replaceChildren(...rejections.map((one) => el("li", { value: one.number }, el("bdi", {}, shown(one.where)), ": ", el("bdi", {}, shown(one.reason)))));
  }
  update(report.job);
  tell(report);
  const card = el("section", { class: "card" }, title, bar, meta, undated, problem, el("p", {}, stop, " ", el("a", { href: address({ view: "add" }), "data-go": true }, "All jobs")), rejected, warned);
  return { card, update, tell, lost };
}

const counts = (job) => OUTCOMES.filter((name) => job[name]).map((name) => `${job[name].toLocaleString("en")} ${name}`).join(", ") || counted(0, "record");

const moment = (time) => new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
