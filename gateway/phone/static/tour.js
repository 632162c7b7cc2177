// The guided tour: one request from the dial to the stop, one button for each step.

import { post } from "./service.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const READ_MS = 700; // for a reader to see which key was pressed
const WAIT_MS = 5_000; // an offer comes sooner; if not, the demo's clock goes on
const TRIES = 8;
const WORKDAY = [9, 17]; // outside of these hours the tour sets the clock to the next morning
const SAVED = "callback.kept";
const ANSWERS = [["callback.how_old", "01"], ["callback.need", "1"], ["callback.done", ""]]; // 0: no age, 1: the first place
const STOPPED = "start.stopped";
const OFFERED = 3; // from this step on a service has the request, or had it

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Tour {
  #step = 0;
  #offer = "";
  #words = ""; // the screen with the two words of this request
  #texts = []; // texts to services since this step began
  #asked = []; // offers since the dial that no service of the tour has answered
  #moved = false; // the step has set the clock

  // Whether the service's phone shows the texts of the tour only. Others would tell another story.
  leads = false;

  // `show` shows a phone where there is room for one only.
  constructor({ caller, ngo, clock, setClock, follow, show }) {
    Object.assign(this, { caller, ngo, clock, setClock, follow, show });
    this.steps = this.#story();
    at("tour-dots").append(...this.steps.slice(1).map(() => document.createElement("li")));
    at("tour-go").addEventListener("click", () => this.#go());
    at("tour-again").addEventListener("click", () => this.#tell(0));
    at("tour-close").addEventListener("click", () => {
      at("tour").hidden = true;
      this.leads = false;
    });
    this.#tell(0);
  }

  // New texts to services and coordinators.
  heard(texts) {
    this.#texts.push(...texts);
    this.#asked.push(...texts.filter((text) => slot(text, "offer") && slot(text, "place")));
  }

  // The steps by their names in the texts. A step's action leads to the next one.
  #story() {
    const story = {
      start: () => this.#dials(),
      dialled: () => this.#saves(),
      saved: () => this.#offers(),
      offered: () => this.#claims(),
      claimed: () => this.#calls(),
      called: () => this.#stops(),
      stopped: () => document.querySelector(".go-on")?.click(),
    };
    return Object.entries(story).map(([name, act]) => ({ name, act }));
  }

  #tell(step) {
    this.#step = step;
    this.leads &&= step > 0 && step < this.steps.length - 1;
    const { name } = this.steps[step];
    at("tour").dataset.step = step;
    at("tour-step").textContent = step ? say("tour.step", { step, steps: this.steps.length - 1 }) : say("tour.name");
    at("tour-title").textContent = say(`tour.${name}.title`);
    at("tour-text").textContent = say(`tour.${name}.text`);
    at("tour-clock").hidden = !this.#moved;
    at("tour-clock").textContent = say("tour.moved", { time: this.clock.nearest() });
    this.#moved = false;
    at("tour-go").textContent = say(`tour.${name}.button`, { dial: this.caller.gateway.code });
    at("tour-again").hidden = !step;
    if (at("tour-list")) at("tour-list").hidden = step < OFFERED;
    [...at("tour-dots").children].forEach((dot, index) => dot.classList.toggle("done", index < step));
  }

  async #go() {
    const button = at("tour-go");
    if (button.getAttribute("aria-disabled") === "true") return;
    if (this.#step === this.steps.length - 1) return this.steps[this.#step].act();
    button.setAttribute("aria-disabled", "true"); // it keeps the focus
    at("tour").dataset.step = this.#step + 1; // the card moves before a phone is scrolled into view
    const done = await this.steps[this.#step].act();
    button.removeAttribute("aria-disabled");
    if (done) this.#tell(this.#step + 1);
    else {
      at("tour-text").textContent = say("tour.lost");
      this.leads = false;
    }
  }

  async #dials() {
    this.show("caller");
    carry(freshNumber());
    at("style").value = "all"; // the guide finds the way by all keys
    at("style").dispatchEvent(new Event("change"));
    const hour = this.clock.there().getUTCHours();
    this.leads = true;
    this.follow(at("ngo-number").options[0].value);
    if (hour < WORKDAY[0] || hour >= WORKDAY[1]) await this.#move({ to: "10:00" });
    this.#asked = [];
    await this.#dial();
    return this.caller.place !== null;
  }

  // Sets the clock of the demo. The card says so.
  async #move(given) {
    this.setClock(await post("clock", given));
    this.#moved = true;
  }

  // The caller's phone speaks the page's language where the service does, if need be in another alphabet.
  async #dial() {
    const languages = at("caller-language");
    const { language } = document.body.dataset;
    const same = (asked) => [...languages.options].find(({ dataset }) => asked(dataset.language ?? ""));
    const spoken = same((code) => code === language) ?? same((code) => code.split("_")[0] === language.split("_")[0]);
    if (spoken && !languages.value) {
      languages.value = spoken.value;
      languages.dispatchEvent(new Event("change"));
    }
    await this.caller.dialAgain();
  }

  async #saves() {
    this.show("caller");
    const saved = await this.#walk(SAVED);
    this.#words = this.caller.shown;
    return saved;
  }

  async #offers() {
    this.show("caller");
    const before = this.#asked.length;
    for (const [screen, keys] of ANSWERS) {
      if (!(await this.#walk(screen))) return false;
      for (const key of keys) await this.#press(key);
    }
    await this.#until(() => this.#asked.length > before, before ? 1 : TRIES); // who reads for minutes has the offer already
    this.#asked.push(...this.#asked.splice(0, before)); // rather an offer that came after these answers
    return this.#follows();
  }

  // Another request may be offered at the same time, and an offer does not say who asked. The card has the two words.
  async #claims() {
    while (this.#offer) {
      const card = await this.#orders(`YES ${this.#offer}`, "ours");
      if (["word", "ours"].every((name) => card && this.#words.includes(slot(card, name)))) return true;
      await this.#orders(`NO NO ${this.#offer}`, "offer"); // it is claimed already
      if (!this.#asked.length) await this.#until(() => this.#asked.length);
      this.#follows();
    }
    return false;
  }

  // Shows the service of the next offer. Returns whether there is one.
  #follows() {
    const offer = this.#asked.shift();
    this.#offer = offer ? slot(offer, "offer") : "";
    if (!offer) return false;
    this.follow(offer.to);
    this.show("ngo");
    return true;
  }

  async #calls() {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await this.#orders(`NUMBER ${this.#offer}`, "number", "day")) break;
      await this.#move({ minutes: 60 }); // the caller's hours begin later
    }
    const number = this.#texts.find((text) => slot(text, "number"));
    if (!number) return false;
    await pause(READ_MS * 2);
    this.caller.rings(say("handset.incoming", { number: number.to }));
    this.show("ngo"); // where there is room for one phone, the one with the number
    return true;
  }

  async #stops() {
    this.show("caller");
    await this.#dial();
    return this.#walk(STOPPED);
  }

  // Sends an order from the service's phone. Returns the answer that has the value `wanted`; null if it has `other`.
  async #orders(text, wanted, other = wanted) {
    this.show("ngo");
    this.#texts = [];
    for (let tries = 0; tries < TRIES && !(await this.ngo.send(text)); tries += 1) await pause(READ_MS);
    const answer = await this.#text(wanted, other);
    return answer && slot(answer, wanted) ? answer : null;
  }

  // Waits for a text with one of these values.
  #text(...slots) {
    return this.#until(() => this.#texts.find((text) => slots.some((name) => slot(text, name))));
  }

  // Waits until `look` returns something. If it does not, the demo's clock goes on by a minute.
  async #until(look, most = TRIES) {
    for (let tries = 0; tries < most; tries += 1) {
      const ends = performance.now() + WAIT_MS;
      while (performance.now() < ends) {
        const found = look();
        if (found) return found;
        await pause(100);
      }
      this.setClock(await post("clock", { minutes: 1 }));
    }
    return null;
  }

  // Presses the keys that lead to a screen, one by one. Returns whether it was reached.
  async #walk(to) {
    const { place } = this.caller;
    const way = place && (await post("way", { ...place, to }));
    if (!way?.keys.length) return false;
    for (const key of way.keys) if (!(await this.#press(key))) return false;
    return true;
  }

  async #press(key) {
    await pause(READ_MS);
    if (!this.caller.place) return false;
    await this.caller.press(key);
    return true;
  }
}

// A made-up number that has no request yet, so that a second tour meets no limit of the first.
function freshNumber() {
  const [{ value }] = at("caller-number").options;
  return value.slice(0, -6) + String(200_000 + Math.floor(Math.random() * 700_000));
}

function carry(number) {
  at("caller-number").value = "";
  at("caller-other").value = number;
  at("caller-other").hidden = false;
  at("caller-other").dispatchEvent(new Event("change"));
}

function slot({ pieces }, name) {
  return pieces.find((piece) => piece.slot === name)?.text ?? "";
}
