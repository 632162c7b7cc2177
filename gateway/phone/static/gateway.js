// Africa's Talking, simulated in the browser: it posts the same requests as that gateway.

const NETWORK = "99999"; // as in AT's sandbox
const DEADLINE_MS = 10_000; // AT's timeout

export class Session {
  constructor(number, code) {
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
  constructor(hook, code, now) {
    this.hook = hook;
    this.code = code;
    this.now = now;
  }

  // The short code for texts to the service: without star and hash.
  get short() {
    return this.code.replace(/\D/g, "");
  }

  dial(number) {
    return new Session(number, this.code);
  }

  // Posts the present hop. With `lostHop` or `lostAnswer` the network fails there, so no screen comes.
  async hop(session, { twice = false, lostPlus = false, lostHop = false, lostAnswer = false } = {}) {
    const hop = { session, presses: session.keys.length, open: false, text: null, lost: lostHop || lostAnswer };
    if (lostHop) return hop;
    const body = this.#body(session, session.text, lostPlus);
    if (session.sent.at(-1) !== session.text) session.sent.push(session.text);
    const [answer, again] = await Promise.all((twice ? [1, 2] : [1]).map(() => this.#post("ussd", body)));
    const [, verb, text] = /^(CON|END) (.*)$/s.exec(answer.body) ?? [];
    const taken = answer.status === 200 && verb && !lostAnswer;
    return { ...hop, answer, again, open: verb === "CON", text: taken ? text : null };
  }

  // Posts the previous hop again, and ignores the answer.
  async late(session) {
    const text = session.sent.at(-2);
    return { text, answer: await this.#post("ussd", this.#body(session, text)) };
  }

  async ended(session, status, fault) {
    const fields = {
      date: this.#date(),
      ...this.#named(session),
      status,
      cost: "0",
      durationInMillis: Math.round(performance.now() - session.began),
      hopsCount: session.sent.length,
      input: session.text,
      lastAppResponse: session.shown,
      ...(fault ? { errorMessage: fault } : {}),
    };
    return this.#post("ussd-ended", encode(fields));
  }

  async text(from, text) {
    const id = crypto.randomUUID();
    const fields = { id, from, to: this.short, text, date: this.#date(), networkCode: NETWORK };
    return { id, ...(await this.#post("sms", encode(fields))) };
  }

  // If a gateway does not encode the plus sign, it is read as a space.
  #body(session, text, lostPlus = false) {
    const body = encode({ ...this.#named(session), text });
    return lostPlus ? body.replace("phoneNumber=%2B", "phoneNumber=+") : body;
  }

  #named(session) {
    const { id, code, number } = session;
    return { sessionId: id, serviceCode: code, phoneNumber: number, networkCode: NETWORK };
  }

  #date() {
    return this.now().toISOString().slice(0, 19).replace("T", " ");
  }

  // Returns request and response; never throws. The secret in the address is not shown.
  async #post(door, body) {
    const address = `${this.hook}/${door}`;
    const shown = `POST ${this.hook.replace(/[^/]+$/, "…")}/${door}\n\n${body}`;
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
