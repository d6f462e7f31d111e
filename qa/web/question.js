// The box for the question: it grows with its text; Enter asks, Shift+Enter begins a line.

const form = document.getElementById("ask");
const box = document.getElementById("question");
let put = ""; // what the page itself wrote into it

/** The question as it is typed. */
export const typed = () => box.value.trim();

export const focus = () => box.focus();

/** Write a question into the box; unless `forced`, what somebody is typing stays. */
export function fill(question, forced) {
  if (forced || box.value === put) box.value = question;
  put = question;
  grow();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
addEventListener("resize", grow);
