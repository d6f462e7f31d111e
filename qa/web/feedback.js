// Marking an answer right or wrong.

import * as api from "./api.js";
import { el, say } from "./elements.js";

/** Two buttons under an answer, or under a refusal (`answer` is null); the mark is kept in the archive. */
export function marking(question, answer) {
  const ids = answer === null ? [] : [...new Set(answer.citations.map((one) => one.article_id))];
  const box = el("div", { class: "actions" });
  async function give(verdict, correct = null) {
    try {
      await api.feedback({ question, verdict, answer: answer?.text ?? null, correct, article_ids: verdict === "right" ? ids : [] });
      box.replaceChildren(el("span", { class: "quiet", role: "status" }, "Saved. Thank you."));
    } catch (error) {
      say(error.message);
    }
  }
  function ask() {
    const right = el("input", { type: "text", maxlength: "2000", "aria-label": "Correct answer", placeholder: "Correct answer" });
    box.replaceChildren(el("form", { class: "marking", onsubmit: (event) => { event.preventDefault(); give("wrong", right.value.trim() || null); } },
      right, el("button", { type: "submit" }, "Save"), answer && el("button", { type: "button", onclick: () => give("wrong", "") }, "The archive doesn’t say")));
    right.focus();
  }
  box.append(el("span", { class: "quiet" }, answer ? "Is it right?" : "Is that right?"),
    el("button", { type: "button", onclick: () => give("right") }, "Yes"), el("button", { type: "button", onclick: ask }, "No"));
  return box;
}
