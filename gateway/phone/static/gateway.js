// A gateway, simulated in the browser: it posts the same requests as Africa's Talking, or as one that sends the last key only.

import { STYLES } from "./styles.js";

const NETWORK = "99999"; // as in AT's sandbox
const DEADLINE_MS = 10_000; // AT's timeout

export class Session {
  constructor(number, code, style) {
    this.style = style;
    this.id = `ATUid_${crypto.randomUUID().replaceAll("-", "")}`;
    this.number = number;
    this.code = code;
    this.keys = [];
    this.sent = []; // the text of each hop that was posted
    this.shown = "";
    this.began = performance.now();
  }

  get text() {
    return this.keys.join("*");
  }

  // How many keys each hop had brought, as the service counts them.
  get hops() {
    return this.sent.map((text) => (text ? text.split("*").length : 0));
  }
}

export class Gateway {
  style = STYLES.all;

  // `lastKeyHook` is the address of the channel whose gateway sends the last key only.
  constructor(hook, lastKeyHook, code, now) {
    this.hook = hook;
    this.lastKeyHook = lastKeyHook;
    this.code = code;
    this.now = now;
  }

  // The short code for texts to the service: without star and hash.
  get short() {
    return this.code.replace(/\D/g, "");
  }

  dial(number) {
    return new Session(number, this.code, this.style);
  }

  // Posts the present hop. With `lostHop` or `lostAnswer` the network fails there, so no screen comes.
  async hop(session, { twice = false, lostPlus = false, lostHop = false, lostAnswer = false } = {}) {
    const { style, keys } = session;
    const hop = { session, presses: keys.length, label: style.label(keys), open: false, text: null, lost: lostHop || lostAnswer };
    if (lostHop) return hop;
    const body = this.#body(session, keys, lostPlus);
    if (session.sent.at(-1) !== session.text) session.sent.push(session.text);
    const hook = this.#hookOf(session);
    const [answer, again] = await Promise.all((twice ? [1, 2] : [1]).map(() => this.#post(hook, "ussd", body)));
    const screen = answer.status === 200 && !lostAnswer ? style.read(answer.body) : null;
    return { ...hop, answer, again, open: screen?.open ?? false, text: screen?.text ?? null };
  }

  // Posts the previous hop again, and ignores the answer.
  async late(session) {
    const text = session.sent.at(-2);
    const keys = text ? text.split("*") : [];
    return { label: session.style.label(keys), answer: await this.#post(this.#hookOf(session), "ussd", this.#body(session, keys)) };
  }

  async ended(session, status, fault) {
    const fields = session.style.ended(session, {
      date: this.#date(),
      status,
      cost: "0",
      durationInMillis: Math.round(performance.now() - session.began),
      hopsCount: session.sent.length,
      input: session.text,
      lastAppResponse: session.shown,
      ...(fault ? { errorMessage: fault } : {}),
    });
    return this.#post(this.#hookOf(session), "ussd-ended", encode(fields));
  }

  async text(from, text) {
    const id = crypto.randomUUID();
    const fields = { id, from, to: this.short, text, date: this.#date(), networkCode: NETWORK };
    return { id, ...(await this.#post(this.hook, "sms", encode(fields))) };
  }

  // If a gateway does not encode the plus sign, it is read as a space.
  #body(session, keys, lostPlus = false) {
    const body = encode(session.style.form(session, keys));
    return lostPlus ? body.replace("umber=%2B", "umber=+") : body;
  }

  #hookOf(session) {
    return session.style === STYLES.last ? this.lastKeyHook : this.hook;
  }

  #date() {
    return this.now().toISOString().slice(0, 19).replace("T", " ");
  }

  // Returns request and response; never throws. The secret in the address is not shown.
  async #post(hook, door, body) {
    const address = `${hook}/${door}`;
    const shown = `POST ${hook.replace(/[^/]+$/, "…")}/${door}\n\n${body}`;
    const began = performance.now();
    try {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const reply = await fetch(address, { method: "POST", headers, body, signal: AbortSignal.timeout(DEADLINE_MS) });
      const text = await reply.text();
      return { request: shown, status: reply.status, body: text, ms: performance.now() - began };
    } catch (error) {
      return { request: shown, status: 0, body: `no answer (${error.name})`, ms: performance.now() - began };
    }
  }
}

function encode(fields) {
  return new URLSearchParams(fields).toString();
}
