// A feature phone: the state of its call, its texts, and what its keys do.

import { Screen } from "./screen.js";

const NO_SIGNAL = "Connection lost.";
const NO_ANSWER = "Connection problem or invalid MMI code.";
const NO_FAULTS = { take: () => ({}) };

export class Handset {
  #call = "idle"; // idle, waiting, menu, over
  #texting = false;
  #drafts = { call: "", texts: "" };
  #shown = "";
  #session = null;

  constructor(root, { gateway, mailbox, tape, faults = NO_FAULTS, texter = false }) {
    Object.assign(this, { root, gateway, mailbox, tape, faults, texter });
    this.screen = new Screen(root);
    this.name = root.id;
    this.number = "";
  }

  get busy() {
    return this.#session !== null || this.screen.entry.value !== "";
  }

  // Becomes the phone with another number; a call does not survive that.
  carry(number) {
    if (number === this.number) return;
    if (this.#session) this.#finish("Incomplete");
    this.number = number;
    this.#drafts = { call: "", texts: "" };
    this.screen.entry.value = "";
    this.#texting = false;
    this.#go("idle");
    this.pickUp();
  }

  // Somebody takes the phone up: where texts are what it is for, those are what it shows.
  pickUp() {
    if (this.texter && !this.#texting) this.flip();
    this.draw();
  }

  type(key) {
    this.screen.entry.value += key;
  }

  clear() {
    this.screen.entry.value = this.screen.entry.value.slice(0, -1);
  }

  async green() {
    if (this.#texting) return this.#text();
    if (this.#call === "idle" || (this.#call === "over" && this.screen.entry.value)) return this.#dial();
    if (this.#call === "menu") return this.#answer();
    if (this.#call === "over") this.#go("idle");
  }

  red() {
    if (this.#texting) return this.flip();
    if (this.#session) {
      this.tape.note(this, "hung up");
      this.#finish("Incomplete");
    }
    this.screen.entry.value = "";
    this.#go("idle");
  }

  // The network loses the caller. Africa's Talking was seen to send no end event then, so neither do we.
  drop() {
    if (!this.#session) return;
    this.tape.note(this, "call dropped");
    this.#session = null;
    this.#go("over", NO_SIGNAL);
  }

  flip() {
    this.#drafts[this.#texting ? "texts" : "call"] = this.screen.entry.value;
    this.#texting = !this.#texting;
    this.screen.entry.value = this.#drafts[this.#texting ? "texts" : "call"];
    this.draw();
  }

  // A text came. It is shown unless that would hide a call.
  arrived() {
    this.screen.buzz();
    if (this.#call === "idle" && !this.#texting && !this.screen.entry.value) this.flip();
    this.draw();
  }

  draw() {
    if (this.#texting) this.mailbox.read(this.number);
    this.screen.show(this.#call === "idle" ? `Ready.\nGreen dials\n${this.gateway.code}` : this.#shown);
    this.screen.captions(this.#texting ? "texts" : this.#call, this.mailbox.unread(this.number));
    if (this.#texting) this.screen.list(this.number, this.mailbox.of(this.number));
  }

  #go(call, shown = "") {
    this.#call = call;
    this.#shown = shown;
    this.draw();
  }

  #take() {
    const typed = this.screen.entry.value.trim();
    this.screen.entry.value = "";
    return typed;
  }

  #dial() {
    const code = this.#take() || this.gateway.code;
    if (code !== this.gateway.code) return this.#go("over", `No answer from ${code}.\nThis demo has only\n${this.gateway.code}`);
    this.#session = this.gateway.dial(this.number);
    this.tape.dialled(this);
    return this.#hop();
  }

  #answer() {
    const key = this.#take();
    if (!key) return undefined;
    this.#session.keys.push(key);
    this.tape.pressed(this, key);
    return this.#hop();
  }

  async #hop() {
    const session = this.#session;
    this.#go("waiting", "USSD code running…");
    const hop = await this.gateway.hop(session, this.faults.take());
    this.tape.hop(this, hop);
    if (session !== this.#session) return; // hung up meanwhile
    session.shown = hop.text ?? "";
    if (hop.text === null) {
      this.#finish("Failed", `Received unexpected response code: ${hop.answer.status}`);
      this.#go("over", NO_ANSWER);
    } else {
      if (!hop.open) this.#finish("Success");
      this.#go(hop.open ? "menu" : "over", hop.text);
    }
  }

  #finish(status, fault) {
    const session = this.#session;
    this.#session = null;
    this.gateway.ended(session, status, fault).then((answer) => this.tape.ended(this, status, answer));
  }

  async #text() {
    const text = this.#take();
    if (!text) return;
    const { number } = this;
    const came = await this.gateway.text(number, text);
    const note = came.status === 200 ? "" : `not taken (${came.status})`;
    const at = this.tape.time();
    this.mailbox.put({ id: came.id, number, sent: true, at, other: this.gateway.short, text, note });
    this.tape.text(this, number, true, text, came);
    this.draw();
  }
}
