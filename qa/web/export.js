// Saving an answer's citations as a file, in formats that other programs read.

import * as api from "./api.js";
import { el, say } from "./elements.js";

// Each with its media type and its file extension.
const FORMS = {
  "Web Annotations": ["application/ld+json", "jsonld"],
  "CSL-JSON": ["application/vnd.citationstyles.csl+json", "csl.json"],
};

/** Buttons that save the citations of the answers on the page. */
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
