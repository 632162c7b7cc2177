// The bars: how much of a screen or an SMS a text fills in each encoding, and the letters that force UCS-2.

import { say } from "./words.js";

export function bar(weight, label) {
  const meter = document.createElement("meter");
  fill(meter, weight.used, weight.room);
  meter.setAttribute("aria-label", `${label}: ${used(weight.used, weight.room)}, ${weight.encoding}`);
  return meter;
}

export function fill(meter, value, room) {
  Object.assign(meter, { min: 0, max: room, value });
  meter.classList.toggle("over", value > room);
}

export function used(value, room) {
  return `${value} / ${room}`;
}

// The letters that decide the encoding. If they are few, all are named: they are probably typing errors.
export function why({ culprit, outside, count, units }) {
  if (!culprit) return "";
  const letters = count * 4 > units ? `${culprit} (${point(culprit)}) …` : [...outside].map((letter) => `${letter} (${point(letter)})`).join(" ");
  return say("technical.outside", { letters });
}

function point(letter) {
  return `U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
