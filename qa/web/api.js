// The service, as the page talks to it.

/** What went wrong, in words that can be shown, with the status (0: no answer came). */
export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const KEY = "citewire-key"; // held for this tab alone

export const keep = (key) => sessionStorage.setItem(KEY, key);

async function called(method, path, body, signal) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const key = sessionStorage.getItem(KEY);
  if (key) headers.Authorization = `Bearer ${key}`;
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "The server can’t be reached.");
  }
  const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Refusal(answer.status, said.detail ?? `The server answered ${answer.status}.`);
  return said;
}

/** Ask a question; `asked` is the page's state. */
export const ask = (asked, signal) =>
  called("POST", "v1/ask", {
    question: asked.q,
    as_of: asked.as_of || null,
    filters: {
      sources: asked.source.length ? asked.source : null,
      published_from: asked.from || null,
      published_to: asked.to || null,
    },
  }, signal);

export const article = (id, signal) => called("GET", `v1/articles/${encodeURIComponent(id)}`, undefined, signal);
export const archive = (signal) => called("GET", "v1/archive", undefined, signal);
