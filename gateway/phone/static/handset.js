// A feature phone: the state of its session, its texts, and the actions of its keys.

import { Screen } from "./screen.js";
import { post } from "./service.js";
import { say } from "./words.js";

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
    this.wayIn = []; // keys that this phone presses automatically after the dial
  }

  get busy() {
    return this.#session !== null || this.screen.entry.value !== "";
  }

  get inCall() {
    return this.#session !== null;
  }

  // The text on the screen of the call.
  get shown() {
    return this.#shown;
  }

  // Changes to another number; this ends a session.
  carry(number) {
    if (number === this.number) return;
    if (this.#session) this.#hangUp("hung up");
    this.number = number;
    this.#drafts = { call: "", texts: "" };
    this.screen.entry.value = "";
    this.#texting = false;
    this.#go("idle");
    this.pickUp();
  }

  // Somebody starts to use the phone: a phone for texts shows its texts.
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
    if (this.#session) this.#hangUp("hung up");
    this.screen.entry.value = "";
    this.#go("idle");
  }

  // The faults of a session in progress. Each returns whether it could happen.

  // No key for too long: the gateway ends the session and sends an end event.
  timeOut() {
    if (!this.#session) return false;
    this.#hangUp("timed out");
    this.#go("over", say("handset.timed_out"));
    return true;
  }

  // The network loses the caller. Africa's Talking sends no end event then, as observed; so neither do we.
  drop() {
    if (!this.#session) return false;
    this.#lose("call dropped");
    return true;
  }

  // A copy of the previous hop arrives after the present one.
  late() {
    const session = this.#session;
    if (!session || session.sent.length < 2) return false;
    this.gateway.late(session).then(({ label, answer }) => this.tape.late(this, answer, label));
    return true;
  }

  // The service's texts have changed: ask for the same screen again, as a gateway's retry does.
  async refresh() {
    const session = this.#session;
    if (this.#call !== "menu") return;
    const hop = await this.gateway.hop(session);
    if (session !== this.#session || this.#call !== "menu") return;
    this.tape.note(this, "the content changed: asked for this screen again");
    await this.#arrive(session, hop);
  }

  // Dials, whatever was shown before, and presses the keys of the caller's language.
  async dialAgain() {
    if (this.#session) this.#hangUp("hung up");
    if (this.#texting) this.flip();
    this.screen.entry.value = "";
    await this.#dial();
  }

  // Presses a key in the menu and sends it. Returns the session, or null if there is none to press it in.
  async press(key) {
    if (this.#call !== "menu") return null;
    await this.#press(key);
    return this.#session;
  }

  // The session's place, for the service's guide; null if there is no session.
  get place() {
    return this.#session && placeOf(this.#session);
  }

  // Sends a text as if it had been typed. Returns whether the service took it.
  send(text) {
    if (!this.#texting) this.flip();
    this.screen.entry.value = text;
    return this.#text();
  }

  // Shows that somebody calls this phone. The call itself is not simulated.
  rings(words) {
    if (this.#texting) this.flip();
    this.#go("over", words);
    this.screen.buzz();
  }

  flip() {
    this.#drafts[this.#texting ? "texts" : "call"] = this.screen.entry.value;
    this.#texting = !this.#texting;
    this.screen.entry.value = this.#drafts[this.#texting ? "texts" : "call"];
    this.draw();
  }

  // A text has arrived. It is shown unless that would hide a session.
  arrived() {
    this.screen.buzz();
    if (this.#call === "idle" && !this.#texting && !this.screen.entry.value) this.flip();
    this.draw();
  }

  draw() {
    if (this.#texting) this.mailbox.read(this.number);
    this.screen.show(this.#call === "idle" ? say("handset.ready", { dial: this.gateway.code }) : this.#shown);
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

  async #dial() {
    const { code } = this.gateway;
    if (!this.number) return this.#go("over", say("handset.no_number"));
    const dialled = this.#take() || code;
    if (dialled !== code) return this.#go("over", say("handset.no_answer", { number: dialled, dial: code }));
    if (!this.gateway.style.menus) {
      return this.#go("over", say("handset.no_menus_here", { number: this.gateway.short }));
    }
    this.#session = this.gateway.dial(this.number);
    this.tape.dialled(this, this.#session);
    await this.#hop();
    for (const key of this.wayIn) if (this.#call === "menu") await this.#press(key);
  }

  #answer() {
    const key = this.#take();
    return key ? this.#press(key) : undefined;
  }

  #press(key) {
    this.#session.keys.push(key);
    return this.#hop(key);
  }

  async #hop(key) {
    const session = this.#session;
    this.#go("waiting", say("handset.running"));
    const hop = await this.gateway.hop(session, this.faults.take());
    if (key && hop.answer) this.tape.pressed(session, key);
    if (hop.lost) return this.#lost(session, hop);
    await this.#arrive(session, hop);
  }

  async #arrive(session, hop) {
    const where = hop.text === null ? null : await whereIs(session, hop.text);
    this.tape.hop(this, hop, where);
    if (session !== this.#session) return; // hung up meanwhile
    session.shown = hop.text ?? "";
    if (hop.text === null) {
      this.#finish("Failed", `Received unexpected response code: ${hop.answer.status}`);
      this.#go("over", say("handset.problem"));
    } else {
      if (!hop.open) this.#finish("Success");
      this.#go(hop.open ? "menu" : "over", hop.text);
      if (where) this.screen.mark(where.weight);
    }
  }

  #lost(session, hop) {
    this.tape.lost(this, hop);
    if (session === this.#session) this.#lose("network error");
  }

  #lose(how) {
    this.tape.hungUp(this, this.#session, how);
    this.#session = null;
    this.#go("over", say("handset.problem"));
  }

  #hangUp(how) {
    this.tape.hungUp(this, this.#session, how);
    this.#finish("Incomplete");
  }

  #finish(status, fault) {
    const session = this.#session;
    this.#session = null;
    this.gateway.ended(session, status, fault).then((answer) => this.tape.ended(this, status, answer));
  }

  async #text() {
    if (!this.number) return false;
    const text = this.#take();
    if (!text) return false;
    const { number } = this;
    const came = await this.gateway.text(number, text);
    const note = came.status === 200 ? "" : say("handset.not_sent");
    const at = this.tape.time();
    this.mailbox.put({ id: came.id, number, sent: true, at, other: this.gateway.short, text, note });
    this.tape.sent(this, number, text, came);
    this.draw();
    return came.status === 200;
  }
}

// The service's guide follows a session by its keys.
function placeOf({ id, number, text, hops }) {
  return { session: id, number, text, hops };
}

// If the gateway does not repeat the keys, the service draws the session's id itself, and only the text tells the screen.
async function whereIs(session, shown) {
  if (session.style.repeats) return post("where", { ...placeOf(session), shown });
  const found = await post("where", { ...placeOf(session), text: "", hops: [], shown });
  return found && { ...found, path: [], instead: false, wrong: false };
}
