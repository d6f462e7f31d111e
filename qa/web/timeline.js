// A figure that changes over time: one dot per report, hollow if it is an earlier figure; each leads to its citation.

import { idOf } from "./citation.js";
import { day, el } from "./elements.js";

const LINE = 18, PLOT = 110, SIDE = 14, DOT = 6, TOUCH = 12; // pixels of the screen: the drawing is as wide as its place

const figure = ({ low, high }) => (typeof low !== "number" ? high : typeof high !== "number" ? low : (low + high) / 2);

/** The unit of the figures in words, or null. */
export function unitOf(answers) {
  const unit = answers.map((one) => one.quantity?.unit).find(Boolean);
  if (!/^[A-Z]{3}$/.test(unit)) return unit;
  return new Intl.NumberFormat("en", { style: "currency", currency: unit, currencyDisplay: "name" }).formatToParts(2).find((part) => part.type === "currency").value;
}

/** The drawing, or null if nothing changes. */
export function timeline(answers) {
  const dots = answers.filter((answer) => answer.quantity && typeof figure(answer.quantity) === "number").flatMap((answer) => answer.citations.filter((one) => one.published_at).map(
    (cited) => ({ value: figure(answer.quantity), on: cited.published_at.slice(0, 10), answer, cited }))).sort((a, b) => (a.on < b.on ? -1 : 1));
  if (new Set(dots.map((dot) => dot.value)).size < 2 || new Set(dots.map((dot) => dot.on)).size < 2) return null;
  const place = el("div", { class: "timeline" });
  new ResizeObserver(([{ contentRect: { width } }]) => width > 0 && place.replaceChildren(draw(dots, width))).observe(place);
  return place;
}

function draw(dots, width) {
  const scale = (values, from, to) => {
    const least = Math.min(...values), most = Math.max(...values);
    return (value) => from + ((value - least) / (most - least)) * (to - from);
  };
  const along = scale(dots.map((dot) => Date.parse(dot.on)), SIDE, width - SIDE);
  const y = scale(dots.map((dot) => dot.value), PLOT, 0);
  const x = (dot) => along(Date.parse(dot.on));
  const taken = dots.map((dot) => [x(dot) - DOT, x(dot) + DOT, y(dot.value) - DOT, y(dot.value) + DOT]);
  /** Words around a place, moved in from the edges, a line on (`step`) as long as something stands there. */
  function put(words, middle, base, step, name) {
    const half = Math.min(wide(words), width) / 2;
    const at = Math.max(half, Math.min(width - half, middle));
    const box = () => [at - half - 4, at + half + 4, base - LINE + 4, base + 4];
    while (taken.some((one) => box().every((edge, side) => (side % 2 ? edge > one[side - 1] : edge < one[side + 1])))) base += step;
    taken.push(box());
    return el("svg:text", { x: at, y: base, "text-anchor": "middle", class: name }, words);
  }
  const labels = [...new Map(dots.map((dot) => [dot.answer.text, dot])).values()].map(
    (dot) => put(dot.answer.text.slice(0, 30), x(dot), y(dot.value) - DOT - 5, -LINE, dot.answer.role === "earlier" ? null : "now"));
  const line = PLOT + TOUCH;
  const years = new Set();
  const days = [...new Map(dots.map((dot) => [dot.on, dot])).values()].flatMap((dot) => {
    const words = years.has(dot.on.slice(0, 4)) ? day(dot.on).slice(0, -5) : day(dot.on);
    years.add(dot.on.slice(0, 4));
    const label = put(words, x(dot), line + LINE, LINE, null);
    return [label, el("svg:line", { x1: x(dot), x2: x(dot), y1: line, y2: label.getAttribute("y") - 13 })];
  });
  const top = Math.min(...taken.map((box) => box[2])), bottom = Math.max(...taken.map((box) => box[3]));
  return el("svg:svg", { viewBox: `0 ${top} ${width} ${bottom - top}`, role: "group", "aria-label": "One dot for each report" },
    el("svg:line", { x1: 0, x2: width, y1: line, y2: line }), days, labels,
    dots.map((dot) => {
      const said = `${dot.answer.text}, ${dot.cited.source ?? "an unnamed outlet"}, ${day(dot.on)}`;
      const circle = (r, name) => el("svg:circle", { cx: x(dot), cy: y(dot.value), r, class: name });
      return el("svg:a", { href: `#${idOf(dot.cited)}`, "aria-label": said }, el("svg:title", {}, said), circle(TOUCH, "touch"), circle(DOT, dot.answer.role === "earlier" ? "dot earlier-dot" : "dot current-dot"));
    }));
}

let pen;

function wide(words) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = "600 14px system-ui, sans-serif";
  return pen.measureText(words).width;
}
