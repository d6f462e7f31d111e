// Marking an answer right or wrong.

import * as api from "./api.js";
import { button, el, say, sentence } from "./elements.js";

/** Two buttons under an answer, or under a refusal (`answer` is null); the mark is kept in the archive. */
export function marking(question, answer) {
  const ids = answer === null ? [] : [...new Set(answer.citations.map((one) => one.article_id))];
  const box = el("div", { class: "actions for-writers" });
  async function give(verdict, correct = null) {
    try {
      await api.feedback({ question, verdict, answer: answer?.text ?? null, correct, article_ids: verdict === "right" ? ids : [] });
      box.replaceChildren(el("span", { class: "quiet", role: "status" }, "Saved. Thank you."));
    } catch (error) {
      say(sentence(error.message));
    }
  }
  function ask() {
    const right = el("input", { type: "text", maxlength: "2000", "aria-label": "Correct answer", placeholder: "Correct answer, if you know it" });
    box.replaceChildren(el("form", { class: "marking", onsubmit: (event) => { event.preventDefault(); give("wrong", right.value.trim() || null); } },
      right, el("button", { type: "submit" }, "Save"), answer && button("The archive doesn’t say", () => give("wrong", "")),
      button("Cancel", () => { start(); box.querySelector("button:last-child").focus(); })));
    right.focus();
  }
  const start = () => box.replaceChildren(el("span", { class: "quiet" }, answer ? "Is this answer right?" : "Is it right that the archive doesn’t say?"),
    button("Yes", () => give("right")), button("No", ask));
  start();
  return box;
}
