// Elements, texts and their offsets. Whatever comes out of an archive goes into the page as text, never as markup.

import { address } from "./state.js";

export const by = (id) => document.getElementById(id);

/** An element with attributes, and children that are elements or text. */
export function el(name, attributes = {}, ...children) {
  const [namespace, tag] = name.startsWith("svg:") ? ["http://www.w3.org/2000/svg", name.slice(4)] : ["http://www.w3.org/1999/xhtml", name];
  const made = document.createElementNS(namespace, tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A link to a state of the page. */
export const link = (state, words, more = {}) => el("a", { href: address(state), "data-go": true, dir: "auto", ...more }, words);

/** A link to another site. */
export const outward = (href, words) => el("a", { href, rel: "noopener noreferrer", target: "_blank" }, words);

export const button = (words, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, words);

/** A text of whatever direction, among others. */
export const bdi = (text) => el("bdi", {}, shown(text));

// Characters that change the direction of what follows them act only inside their element (dir="auto" isolates);
// other controls are shown as a replacement sign.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** A text without its form feeds, which mark the ends of pages: they stand beside other white space, or are the only one. */
export const unpaged = (text) => text.replace(/(?<=\S)\f+(?=\S)/g, " ").replaceAll("\f", "");

/** A text as it can be shown: control characters as a replacement sign. */
export const shown = (text) => unpaged(text).replace(CONTROLS, "\ufffd");

/** Offsets of Citewire count code points, those of JavaScript UTF-16 units: cut [start, end) in code points. */
export function cut(text, ...places) {
  const parts = [];
  let units = 0, points = 0, from = 0;
  for (const place of places) {
    while (points < place && units < text.length) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
      points += 1;
    }
    parts.push(text.slice(from, units));
    from = units;
  }
  return [...parts, text.slice(from)];
}

/** An address that may become a link: http and https alone. */
export function safe(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** "1,234". */
export const digits = (number) => number.toLocaleString("en");

/** "3 outlets", "1 outlet". */
export const counted = (number, one, many = `${one}s`) => `${digits(number)} ${number === 1 ? one : many}`;

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** The day of an ISO 8601 date or date-time, as it was written: "28 January 2026". */
export function day(published) {
  if (!published) return "undated";
  const [year, month, date] = published.slice(0, 10).split("-");
  return `${Number(date)} ${MONTHS[month - 1]} ${year}`;
}

/** A date-time with its time of day, where it has one: "28 January 2026, 18:05 (UTC+8)". */
export function moment(published) {
  const [, time, zone] = published?.match(/T(\d\d:\d\d)[\d:.,]*(Z|[+-]\d\d:?\d\d)/) ?? [];
  if (!time) return day(published);
  const [, sign, hours, minutes] = zone.match(/([+-])(\d\d):?(\d\d)/) ?? ["", "+", "00", "00"];
  const from = hours === "00" && minutes === "00" ? "" : `${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`;
  return `${day(published)}, ${time} (UTC${from})`;
}

/** A span of days in words. */
export const between = (first, last) => (!first ? "undated" : day(first) === day(last) ? `published ${day(first)}` : `published ${day(first)} to ${day(last)}`);

/** A server's words as a sentence. */
export const sentence = (words) => shown(`${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`);

/** Show a short message at the foot of the page, which screen readers read out. */
export function say(words) {
  document.querySelector(".said")?.remove();
  const said = el("p", { class: "said", role: "status" }, words);
  document.body.append(said);
  setTimeout(() => said.remove(), 2500);
}
