// What happened, in order: for the log, and to be told as a story.

const MOST_ROWS = 500;

export class Tape {
  rows = [];
  #heading = "";
  story = [];

  constructor(time, changed) {
    this.time = time; // the service's, as ISO 8601
    this.changed = changed;
  }

  dialled(phone) {
    this.#heading = "";
    this.#tell(phone, "dial", "> (dial)");
  }

  pressed(phone, key) {
    this.#tell(phone, "dial", `> ${key}`);
  }

  hop(phone, hop) {
    this.last = hop;
    const { answer, again, session } = hop;
    this.#tell(phone, "dial", `< ${hop.text === null ? `(no screen: ${answer.status})` : line(hop.text)}`);
    this.#log(phone, `ussd text=${session.text || "(dial)"} → ${brief(answer)}`);
    if (again) this.#log(phone, `ussd again → ${again.body === answer.body ? "the same" : brief(again)}`);
  }

  ended(phone, status, answer) {
    this.#log(phone, `ussd-ended ${status} → ${answer.status}`);
  }

  text(phone, number, sent, text, answer) {
    this.#tell(phone, `text of ${number}`, `${sent ? ">" : "<"} ${line(text)}`);
    this.#log(phone, sent ? `sms ${line(text)} → ${answer.status}` : `sms came: ${line(text)}`);
  }

  note(phone, what) {
    this.#tell(phone, "dial", `> (${what})`);
    this.#log(phone, what);
  }

  forget() {
    Object.assign(this, { rows: [], story: [], last: undefined });
    this.#heading = "";
    this.changed(this);
  }

  // A heading wherever another phone, or another way of talking, goes on.
  #tell(phone, way, said) {
    const heading = phone.name === "caller" ? `# ${way}` : `# ${phone.name}: ${way}`;
    if (heading !== this.#heading) this.story.push(...(this.story.length ? [""] : []), heading);
    this.#heading = heading;
    this.story.push(said);
  }

  #log(phone, what) {
    this.rows.push(`${this.time().slice(11, 19)} ${phone.name.padEnd(6)} ${what}`);
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
