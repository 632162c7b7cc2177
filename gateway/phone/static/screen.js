// What a handset shows. It knows the page's elements and nothing of what they mean.

const CAPTIONS = {
  idle: ["Number", "Dial"],
  waiting: ["Answer", "…"],
  menu: ["Answer", "Send"],
  over: ["Number", "OK"],
  texts: ["Text", "Send"],
};

export class Screen {
  constructor(root) {
    this.root = root;
    for (const part of root.querySelectorAll("[data-part]")) this[part.dataset.part] = part;
    this.shell = root.querySelector(".shell");
  }

  // `showing`: a state of the call, or `texts`. `fresh` texts have come that nobody has seen.
  captions(showing, fresh) {
    const [label, green] = CAPTIONS[showing];
    const texts = showing === "texts";
    this.root.dataset.showing = showing;
    this.label.textContent = label;
    this.middle.textContent = green;
    this.green.setAttribute("aria-label", { OK: "Back to the start", "…": "Wait" }[green] ?? green);
    this.red.setAttribute("aria-label", texts ? "Leave the texts" : "Hang up");
    this.left.textContent = texts ? "Back" : "Texts";
    this.texts.setAttribute("aria-label", texts ? "Back from the texts" : `Texts${fresh ? `, ${fresh} new` : ""}`);
    this.mail.hidden = !fresh;
    this.mail.textContent = `✉ ${fresh}`;
    this.say(fresh && !texts ? `${fresh} new: press Texts` : "");
    this.display.hidden = texts;
    this.thread.hidden = !texts;
  }

  show(text) {
    if (this.display.textContent !== text) this.display.textContent = text;
    this.display.scrollTop = 0;
  }

  say(text) {
    if (this.notice.textContent !== text) this.notice.textContent = text;
  }

  // Only what changed is written, so that a screen reader hears a text once.
  list(number, texts) {
    if (this.thread.dataset.number !== number) this.thread.replaceChildren();
    this.thread.dataset.number = number;
    texts.forEach((text, at) => write(this.thread.children[at] ?? this.thread.appendChild(blank()), text));
    this.thread.dataset.empty = texts.length ? "" : "No texts yet. Write one below.";
    this.thread.scrollTop = this.thread.lastElementChild?.offsetTop ?? 0;
  }

  scroll(lines) {
    const box = this.thread.hidden ? this.display : this.thread;
    box.scrollBy({ top: lines * 21 });
  }

  buzz() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.shell.classList.remove("buzz");
    this.shell.getBoundingClientRect(); // or the animation would not begin anew
    this.shell.classList.add("buzz");
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([60, 40, 60]);
  }
}

function blank() {
  const text = document.createElement("article");
  text.append(document.createElement("small"), document.createElement("p"), document.createElement("small"));
  return text;
}

function write(box, { sent, at, other, text, note }) {
  box.className = sent ? "sent" : "came";
  const lines = [`${at.slice(11, 16)} ${sent ? "to" : "from"} ${other}`, text, note];
  [...box.children].forEach((line, index) => {
    if (line.textContent !== lines[index]) line.textContent = lines[index];
  });
}
