// The page's state is its address, so that what is shown can be shared, bookmarked and reloaded.

/** The state that an address describes. */
export function read(search = location.search) {
  const given = new URLSearchParams(search);
  const number = (name) => (/^\d+$/.test(given.get(name) ?? "") ? Number(given.get(name)) : null);
  return {
    q: given.get("q") ?? "",
    source: given.getAll("source"),
    from: given.get("from") ?? "",
    to: given.get("to") ?? "",
    as_of: given.get("as_of") ?? "",
    undated: given.get("undated") ?? "",
    article: given.get("article"),
    text: given.get("text"),
    view: given.get("view"),
    job: given.get("job"),
    prose: given.get("prose"),
    start: number("start"),
    end: number("end"),
    words: given.get("words"), // where the answer stands in the article: "120-133"
  };
}

/** A state with an article instead of what it shows, from its beginning; without an article, its answer. */
export const at = (state, article = null, more = {}) => ({ ...state, article, text: null, start: null, end: null, words: null, ...more });

/** The address of a state. */
export function address(state) {
  const written = new URLSearchParams();
  for (const name of ["q", "from", "to", "as_of", "undated", "article", "text", "start", "end", "words", "view", "job", "prose"]) {
    if (state[name] !== null && state[name] !== undefined && state[name] !== "") written.set(name, state[name]);
  }
  for (const one of state.source ?? []) written.append("source", one);
  const query = written.toString();
  return query ? `?${query}` : location.pathname;
}
