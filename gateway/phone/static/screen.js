// The screen of a handset. It knows the page's elements but not their meaning.

import { bar } from "./weight.js";
import { say } from "./words.js";

// The name of the field, and what the green key does.
const CAPTIONS = {
  idle: ["handset.number", "handset.dial"],
  waiting: ["handset.answer", "handset.wait"],
  menu: ["handset.answer", "handset.send"],
  over: ["handset.number", "handset.to_start"],
  texts: ["handset.message", "handset.send"],
};
const SHORT = { waiting: "…", over: "OK" }; // on the screen, where there is little room

export class Screen {
  constructor(root) {
    this.root = root;
    for (const part of root.querySelectorAll("[data-part]")) this[part.dataset.part] = part;
    this.shell = root.querySelector(".shell");
  }

  // Highlights the letters that force UCS-2, without changing what a screen reader reads.
  mark({ outside, culprit }) {
    paint(`culprit-${this.root.id}`, rangesOf(this.display.firstChild, outside, culprit));
  }

  // `showing`: a state of the call, or `texts`. `fresh`: the number of unread texts.
  captions(showing, fresh) {
    const [label, green] = CAPTIONS[showing];
    const texts = showing === "texts";
    this.root.dataset.showing = showing;
    this.label.textContent = say(label);
    this.middle.textContent = SHORT[showing] ?? say(green);
    this.green.setAttribute("aria-label", say(green));
    this.red.setAttribute("aria-label", say(texts ? "handset.leave_texts" : "handset.hang_up"));
    this.left.textContent = say(texts ? "handset.back" : "handset.texts");
    this.texts.setAttribute("aria-label", say(texts ? "handset.leave_texts" : fresh ? "handset.texts_new" : "handset.texts", { count: fresh }));
    this.mail.hidden = !fresh;
    this.mail.textContent = `✉ ${fresh}`;
    this.say(fresh && !texts ? say("handset.texts_new", { count: fresh }) : "");
    this.display.hidden = texts;
    this.thread.hidden = !texts;
  }

  show(text) {
    if (this.display.textContent !== text) {
      this.display.textContent = text;
      paint(`culprit-${this.root.id}`, []);
    }
    this.display.scrollTop = 0;
  }

  say(text) {
    if (this.notice.textContent !== text) this.notice.textContent = text;
  }

  // Writes only changes, so that a screen reader reads a text once.
  list(number, texts) {
    if (this.thread.dataset.number !== number) this.thread.replaceChildren();
    this.thread.dataset.number = number;
    texts.forEach((text, at) => write(this.thread.children[at] ?? this.thread.appendChild(blank()), text));
    this.thread.dataset.empty = texts.length ? "" : say("handset.no_texts");
    this.thread.scrollTop = this.thread.lastElementChild?.offsetTop ?? 0;
  }

  scroll(lines) {
    const box = this.thread.hidden ? this.display : this.thread;
    box.scrollBy({ top: lines * 21 });
  }

  buzz() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.shell.classList.remove("buzz");
    this.shell.getBoundingClientRect(); // otherwise the animation would not restart
    this.shell.classList.add("buzz");
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([60, 40, 60]);
  }
}

function blank() {
  const text = document.createElement("article");
  text.append(...["small", "p", "i", "div", "small"].map((name) => document.createElement(name)));
  text.children[2].className = "translated";
  text.children[2].lang = document.documentElement.lang;
  text.children[3].className = "weight";
  return text;
}

function write(box, { sent, at, other, text, note, weight, translated = "" }) {
  box.className = sent ? "sent" : "came";
  const [head, body, same, bars, foot] = box.children;
  same.hidden = !translated;
  const from = say(sent ? "handset.to" : "handset.from", { time: at.slice(11, 16), number: other });
  for (const [line, words] of [[head, from], [body, text], [same, translated], [foot, note]]) if (line.textContent !== words) line.textContent = words;
  if (!weight || bars.firstChild) return;
  bars.append(bar(weight, "SMS"));
  const ranges = rangesOf(body.firstChild, weight.outside, weight.culprit);
  paint("culprit-sms", ranges, true);
}

// The letters to highlight: all if they are few, because then they are probably typing errors; else the first.
function rangesOf(node, outside, culprit) {
  if (!node || !culprit) return [];
  const text = node.textContent;
  const at = [...text.matchAll(/./gsu)].filter(([letter]) => outside.includes(letter));
  const wanted = at.length * 4 > text.length ? at.slice(0, 1) : at;
  return wanted.map(({ index, 0: letter }) => {
    const range = new Range();
    range.setStart(node, index);
    range.setEnd(node, index + letter.length);
    return range;
  });
}

function paint(name, ranges, more = false) {
  if (!CSS.highlights) return; // an old browser: the text below the bars says the same
  const before = more ? [...(CSS.highlights.get(name) ?? [])].filter(({ startContainer }) => startContainer.isConnected) : [];
  CSS.highlights.set(name, new Highlight(...before, ...ranges));
}
