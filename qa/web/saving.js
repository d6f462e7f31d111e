// An answer's citations saved as a file, in forms that other programs read.

import * as api from "./api.js";
import { el, say } from "./text.js";

// Each with what the service calls it and how its files end.
const FORMS = {
  "Web Annotations": ["application/ld+json", "jsonld"],
  "CSL-JSON": ["application/vnd.citationstyles.csl+json", "csl.json"],
};

/** Buttons that save what answers the page's question. */
export const saving = (state) => el("p", { class: "actions" },
  el("span", { class: "quiet" }, "Save the citations as"),
  ...Object.entries(FORMS).map(([name, [type, ending]]) => el("button", { type: "button", onclick: () => save(state, type, `citations.${ending}`) }, name)));

async function save(state, type, name) {
  try {
    const link = el("a", { href: URL.createObjectURL(await api.exported(state, type)), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // after which a download has begun
  } catch (error) {
    say(error.message);
  }
}
