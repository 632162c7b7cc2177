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
  return say("{value} of {room}", { value, room });
}

// The letters that decide the encoding. If they are few, they are listed: they are probably typing errors.
export function why({ culprit, outside, count, units, most_units }) {
  if (!culprit) return units > most_units ? say("Fits only without letters from outside the GSM alphabet.") : say("Every letter is in the GSM alphabet.");
  const first = say("“{culprit}” ({point}) forces UCS-2.", { culprit, point: point(culprit) });
  if (count === 1) return first;
  if (count * 4 > units) return `${first} ${say("So do {rest} more letters.", { rest: count - 1 })}`;
  return `${first} ${say("In all {count} letters do: {named}", { count, named: [...outside].join(" ") })}`;
}

function point(letter) {
  return `U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
