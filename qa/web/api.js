// Calls to the service.

/** What went wrong, in the server's words, with the HTTP status (0: no response) and what is wrong in the request. */
export class Refusal extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

const refusal = (status, said) => new Refusal(status, said?.detail ?? `The server answered with status ${status}.`, said?.errors);

const UNREACHED = "The server can’t be reached.";
const KEY = "citewire-key"; // held for this tab alone
const LOOK = 700; // milliseconds between two looks at a job

export const keep = (key) => sessionStorage.setItem(KEY, key);

function authorized() {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

async function sent(method, path, body, signal, accept = "application/json") {
  const headers = { Accept: accept, ...authorized(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, UNREACHED);
  }
  if (answer.ok) return answer;
  throw refusal(answer.status, await answer.json().catch(() => null));
}

async function called(method, path, body, signal) {
  const answer = await sent(method, path, body, signal);
  return answer.status === 204 ? null : answer.json();
}

/** The body of a question; `asked` is the page's state. */
const question = (asked) => ({
  question: asked.q,
  as_of: asked.as_of || null,
  prose: asked.prose ? true : undefined,
  filters: {
    sources: asked.source.length ? asked.source : null,
    published_from: asked.from || null,
    published_to: asked.to || null,
    undated: asked.undated || null,
  },
});

/** Ask a question. */
export const ask = (asked, signal) => called("POST", "v1/ask", question(asked), signal);

/** The citations of its answers, as a file of a media type. */
export const exported = async (asked, type) => (await sent("POST", "v1/ask", question({ ...asked, prose: false }), undefined, type)).blob();

export const article = (id, sha256, signal) => called("GET", `v1/articles/${encodeURIComponent(id)}${sha256 ? `?sha256=${sha256}` : ""}`, undefined, signal);
export const articles = (job, cursor) => called("GET", `v1/articles?job=${encodeURIComponent(job)}&limit=20${cursor ? `&cursor=${cursor}` : ""}`);
export const archive = (signal) => called("GET", "v1/archive", undefined, signal);
export const feedback = (said) => called("POST", "v1/feedback", said);
export const jobs = (signal) => called("GET", "v1/jobs", undefined, signal);
export const job = (id, signal) => called("GET", `v1/jobs/${encodeURIComponent(id)}?limit=500`, undefined, signal);
export const cancel = (id) => called("DELETE", `v1/jobs/${encodeURIComponent(id)}`);

/** Whether the server is still loading its models. */
export async function starting() {
  const answer = await fetch("readyz").catch(() => null);
  return answer?.status === 503 && /loading/.test((await answer.json().catch(() => ({}))).detail);
}

/** Call `told` with a job's report until the job is over, or a signal; with null while the server can't be reached. */
export async function follow(id, told, signal) {
  for (;;) {
    try {
      const report = await job(id, signal);
      told(report);
      if (report.job.finished) return dispatchEvent(new Event("ingested"));
    } catch (error) {
      if (!(error instanceof Refusal) || error.status) throw error;
      told(null); // it may be restarting
    }
    await new Promise((go_on) => setTimeout(go_on, LOOK));
  }
}

/** Upload a file, with fields for what its articles lack; `sent` is called with the part that is sent, 0 to 1. Gives its job. */
export function upload(file, sent, fields = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  const request = new XMLHttpRequest(); // which, unlike fetch, reports how much was sent
  request.open("POST", "v1/jobs");
  for (const [name, value] of Object.entries(authorized())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && sent(event.loaded / event.total));
  return new Promise((done, failed) => {
    request.addEventListener("error", () => failed(new Refusal(0, "The file could not be uploaded.")));
    request.addEventListener("load", () => {
      const said = JSON.parse(request.responseText || "{}");
      if (request.status === 202) done(said);
      else failed(refusal(request.status, said));
    });
    request.send(form);
  });
}
