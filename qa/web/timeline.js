// A figure that changes over time: one dot per report, hollow if it is an earlier figure.

import { day, el } from "./elements.js";

const WIDTH = 560, HEIGHT = 150, LEFT = 12, RIGHT = 12, TOP = 26, BOTTOM = 30;

const figure = ({ low, high }) => (typeof low !== "number" && typeof high !== "number" ? null : typeof low !== "number" ? high : typeof high !== "number" ? low : (low + high) / 2);

/** The drawing, or null if nothing changes. */
export function timeline(answers) {
  const dots = answers.flatMap((answer) => {
    const value = answer.quantity ? figure(answer.quantity) : null;
    return value === null ? [] : answer.citations.filter((one) => one.published_at).map((one) => ({ value, at: Date.parse(day(one.published_at)), answer, source: one.source }));
  });
  if (new Set(dots.map((dot) => dot.value)).size < 2 || new Set(dots.map((dot) => dot.at)).size < 2) return null;
  const scale = (values, from, to) => {
    const least = Math.min(...values), most = Math.max(...values);
    return (value) => (most === least ? (from + to) / 2 : from + ((value - least) / (most - least)) * (to - from));
  };
  const x = scale(dots.map((dot) => dot.at), LEFT + 40, WIDTH - RIGHT - 40);
  const y = scale(dots.map((dot) => dot.value), HEIGHT - BOTTOM - 14, TOP);
  const said = dots.sort((a, b) => a.at - b.at).map((dot) => `${new Date(dot.at).toISOString().slice(0, 10)}: ${dot.answer.text}`).join("; ");
  const days = [...new Set(dots.map((dot) => dot.at))];
  const ends = [days[0], days.at(-1)];
  const named = new Set();
  return el("svg:svg", { class: "timeline", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `How the figure changed: ${said}` },
    el("svg:line", { x1: LEFT, x2: WIDTH - RIGHT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
    ends.map((at) => el("svg:text", { x: x(at), y: HEIGHT - 10, "text-anchor": "middle" }, new Date(at).toISOString().slice(0, 10))),
    dots.flatMap((dot) => {
      const label = named.has(dot.answer.text) ? null : dot.answer.text;
      named.add(dot.answer.text);
      const earlier = dot.answer.role === "earlier";
      return [
        el("svg:circle", { cx: x(dot.at), cy: y(dot.value), r: 6, class: earlier ? "earlier-dot" : "current-dot" }, el("svg:title", {}, `${dot.answer.text}, ${dot.source ?? ""} ${new Date(dot.at).toISOString().slice(0, 10)}`)),
        label && el("svg:text", { x: x(dot.at), y: y(dot.value) - 11, "text-anchor": "middle", class: earlier ? null : "now" }, label.length > 24 ? `${label.slice(0, 23)}…` : label),
      ];
    }));
}
