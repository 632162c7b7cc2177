// Africa's Talking, played in the browser: it posts what that gateway would, as that gateway would.

const NETWORK = "99999"; // what AT's sandbox says
const DEADLINE_MS = 10_000; // AT waits no longer

export class Session {
  constructor(number, code) {
    this.id = `ATUid_${crypto.randomUUID().replaceAll("-", "")}`;
    this.number = number;
    this.code = code;
    this.keys = [];
    this.hops = 0;
    this.shown = "";
    this.began = performance.now();
  }

  get text() {
    return this.keys.join("*");
  }
}

export class Gateway {
  constructor(hook, code, now) {
    this.hook = hook;
    this.code = code;
    this.now = now;
  }

  // Where texts to the service go: a short code has neither star nor hash.
  get short() {
    return this.code.replace(/\D/g, "");
  }

  dial(number) {
    return new Session(number, this.code);
  }

  async hop(session, { twice = false, lostPlus = false } = {}) {
    const fields = { ...this.#named(session), text: session.text };
    const body = lostPlus ? encode(fields).replace("phoneNumber=%2B", "phoneNumber=+") : encode(fields);
    session.hops += 1;
    const [answer, again] = await Promise.all((twice ? [1, 2] : [1]).map(() => this.#post("ussd", body)));
    const [, verb, text] = /^(CON|END) (.*)$/s.exec(answer.body) ?? [];
    const taken = answer.status === 200 && verb;
    return { session, presses: session.keys.length, answer, again, open: verb === "CON", text: taken ? text : null };
  }

  async ended(session, status, fault) {
    const fields = {
      date: this.#date(),
      ...this.#named(session),
      status,
      cost: "0",
      durationInMillis: Math.round(performance.now() - session.began),
      hopsCount: session.hops,
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

  #named(session) {
    const { id, code, number } = session;
    return { sessionId: id, serviceCode: code, phoneNumber: number, networkCode: NETWORK };
  }

  #date() {
    return this.now().toISOString().slice(0, 19).replace("T", " ");
  }

  // Gives what was sent and what came; never throws. The secret of the address is not shown.
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
