// The engineer's strip: requests and responses, lengths, the place in the menus, and the log.

import { fill, used, why } from "./weight.js";
import { showWhere } from "./where.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const drawn = new WeakMap(); // row → its element: a row that is open stays open

export function showTape(tape) {
  at("log").replaceChildren(...[...tape.rows].reverse().map(item));
  showHop(tape.last, tape.where);
}

let shown;

function showHop(hop, where) {
  if (hop === shown) return;
  shown = hop;
  const { answer, again } = hop ?? {};
  at("request").textContent = answer?.request.replaceAll("&", "\n&") ?? "–";
  at("reply").textContent = again ? `${answer.body}\n\n2.\n${again.body}` : answer?.body ?? "–";
  at("presses").textContent = hop?.presses ?? "–";
  at("ms").textContent = answer ? `${Math.round(answer.ms)} ms` : "–";
  at("status").textContent = answer ? answer.status || "–" : "–";
  showWeight(where?.weight);
  showWhere(where);
}

function showWeight(weight) {
  at("used").textContent = weight ? used(weight.used, weight.room) : "–";
  at("encoding").textContent = weight?.encoding ?? "";
  at("why").textContent = weight ? why(weight) : "";
  showBar("gsm", weight?.septets ?? null, weight?.most_septets ?? 160, weight?.encoding === "GSM-7", weight);
  showBar("ucs", weight?.units ?? null, weight?.most_units ?? 70, weight?.encoding === "UCS-2", weight);
}

// The bar of one encoding: the one in use, or the length that the text would have; none if it cannot be encoded.
function showBar(name, value, most, inForce, weight) {
  fill(at(`${name}-meter`), value ?? 0, most);
  at(`${name}-bar`).classList.toggle("rests", Boolean(weight) && !inForce);
  at(`${name}-used`).textContent = value !== null ? used(value, most) : "–";
}

function item(row) {
  if (!drawn.has(row)) drawn.set(row, row.wire ? unfolding(row) : plain(row.text));
  return drawn.get(row);
}

function plain(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

// A row that opens to show the raw request and response.
function unfolding({ text, wire }) {
  const [line, details, summary, raw] = ["li", "details", "summary", "pre"].map((name) => document.createElement(name));
  summary.textContent = text;
  raw.textContent = `${wire.request}\n\n${wire.status || "–"}\n${wire.body}`;
  raw.tabIndex = 0;
  details.append(summary, raw);
  line.append(details);
  return line;
}

export function wireLog(tape) {
  at("copy-log").addEventListener("click", () => {
    copy(tape.rows.map(({ text }) => text).join("\n"), at("log-said"));
  });
  at("forget").addEventListener("click", () => {
    at("log-said").textContent = "";
    tape.forget();
  });
}

export async function copy(text, said) {
  try {
    if (!text) throw new Error("nothing to copy");
    await navigator.clipboard.writeText(text);
    said.textContent = say("technical.copied");
  } catch {
    said.textContent = say(text ? "technical.not_copied" : "technical.nothing");
  }
}
