// The events in order: a log row each, with request and response, and the lines for the story.

const MOST_ROWS = 500;

export class Tape {
  rows = [];

  constructor(time, story, changed) {
    this.time = time; // the service's, as ISO 8601
    this.story = story;
    this.changed = changed;
  }

  dialled(phone, session) {
    this.story.dial(session.id, phone.number);
  }

  pressed(session, key) {
    this.story.press(session.id, key);
  }

  // A successful hop, and its screen split into pieces.
  hop(phone, hop, where) {
    Object.assign(this, { last: hop, where });
    const { answer, again, session, text } = hop;
    this.#log(phone, `ussd ${hop.label} → ${brief(answer)}`, answer);
    if (again) this.#log(phone, `ussd again → ${again.body === answer.body ? "the same" : brief(again)}`, again);
    if (text === null) return this.story.note(`no screen came: ${answer.status || answer.body}`);
    this.story.shows(session.id, text, where?.pieces ?? [{ text, slot: "" }], again?.body === answer.body);
  }

  // A hop without a response at the phone: the request was lost, or the response was.
  lost(phone, hop) {
    const { answer } = hop;
    const way = answer ? `${brief(answer)}, lost on its way back` : "lost on its way, never posted";
    this.#log(phone, `ussd ${hop.label} → ${way}`, answer);
    this.story.note(`the network lost ${answer ? "the answer" : "this hop: the service never had it"}`);
  }

  late(phone, answer, label) {
    this.#log(phone, `ussd late copy ${label} → ${brief(answer)}`, answer);
    this.story.note("a copy of an earlier hop came late; she sees nothing of it");
  }

  ended(phone, status, answer) {
    this.#log(phone, `ussd-ended ${status} → ${answer.status}`, answer);
  }

  hungUp(phone, session, how) {
    this.#log(phone, how);
    this.story.hangUp(session.id);
  }

  sent(phone, number, text, answer) {
    this.story.sends(number, text);
    this.#log(phone, `sms ${line(text)} → ${answer.status}`, answer);
  }

  came(phone, { to, at, text, pieces }) {
    this.story.gets(to, Date.parse(at), pieces);
    this.#log(phone, `sms came: ${line(text)}`);
  }

  moved(given) {
    this.story.moved(given);
  }

  note(phone, what) {
    this.#log(phone, what);
  }

  forget() {
    Object.assign(this, { rows: [], last: undefined, where: undefined });
    this.story.begin();
    this.changed(this);
  }

  #log(phone, what, wire) {
    this.rows.push({ text: `${this.time().slice(11, 19)} ${phone.name.padEnd(6)} ${what}`, wire });
    this.rows.splice(0, this.rows.length - MOST_ROWS);
    this.changed(this);
  }
}

function line(text) {
  return text.replaceAll("\n", "⏎");
}

function brief({ status, body, ms }) {
  return `${status} ${line(body)} (${Math.round(ms)} ms)`;
}
