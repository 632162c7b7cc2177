// The engineer's strip: what passed on the wire, what it weighs, the log, and the faults to be made.

import { post } from "./service.js";

const at = (id) => document.getElementById(id);

// The faults of the caller's line. Two are armed and wait for the next hop.
export class Faults {
  #armed = {};

  constructor(buttons, drop) {
    this.buttons = [...buttons];
    for (const button of this.buttons) {
      const { fault } = button.dataset;
      button.addEventListener("click", () => (fault === "drop" ? drop() : this.#arm(fault, !this.#armed[fault])));
    }
  }

  take() {
    const armed = this.#armed;
    for (const fault of Object.keys(armed)) this.#arm(fault, false);
    return armed;
  }

  #arm(fault, on) {
    this.#armed = { ...this.#armed, [fault]: on };
    this.buttons.find(({ dataset }) => dataset.fault === fault).setAttribute("aria-pressed", String(on));
  }
}

export function showTape(tape) {
  at("log").replaceChildren(...[...tape.rows].reverse().map(item));
  if (tape.last) showHop(tape.last);
}

let drawn;

async function showHop(hop) {
  if (hop === drawn) return;
  drawn = hop;
  const { answer, again } = hop;
  at("request").textContent = answer.request.replaceAll("&", "\n&");
  at("reply").textContent = again ? `${answer.body}\n\n— sent again —\n${again.body}` : answer.body;
  at("presses").textContent = hop.presses;
  at("ms").textContent = `${Math.round(answer.ms)} ms`;
  at("status").textContent = answer.status || "none";
  const weight = hop.text !== null ? await post("weight", { text: hop.text }) : null;
  if (drawn === hop) showWeight(weight);
}

function showWeight(weight) {
  const { used, room, encoding, culprit } = weight ?? { used: 0, room: 160, encoding: "", culprit: null };
  at("used").textContent = weight ? `${used} of ${room}` : "no screen";
  at("encoding").textContent = encoding;
  Object.assign(at("meter"), { max: room, value: used });
  at("meter").classList.toggle("over", used > room);
  at("why").textContent = culprit ? `“${culprit}” (${point(culprit)}) forces UCS-2.` : encoding && "Every letter is in the GSM alphabet.";
}

function point(letter) {
  return `U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function item(text) {
  const row = document.createElement("li");
  row.textContent = text;
  return row;
}

export function wireLog(tape) {
  at("copy-log").addEventListener("click", () => copy(tape.rows.join("\n"), `${tape.rows.length} lines of log`));
  at("copy-story").addEventListener("click", () => {
    const story = tape.story.join("\n");
    at("story").textContent = story;
    at("story").hidden = !story;
    copy(story, `A story of ${tape.story.filter((said) => /^[<>]/.test(said)).length} lines`);
  });
  at("forget").addEventListener("click", () => {
    at("story").hidden = true;
    at("copied").textContent = "";
    tape.forget();
  });
}

async function copy(text, what) {
  try {
    if (!text) throw new Error("nothing to copy");
    await navigator.clipboard.writeText(`${text}\n`);
    at("copied").textContent = `${what} copied.`;
  } catch {
    at("copied").textContent = text ? `${what}. The browser did not let it be copied: mark it and copy.` : "Nothing to copy yet.";
  }
}
