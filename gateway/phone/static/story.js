// The events as a story of tests/story.py: values that differ each time (codes, words, days) get names.

const BEGINS = Date.parse("2026-11-24T04:00:00Z"); // the start time of every story
const NAMES = { drawn: "on", code: "code", word: "word", ours: "ours", offer: "offer", day: "day", from: "since", to: "till" };
const OF_A_CALL = ["drawn", "code", "word", "ours"]; // drawn again in each session
const SHORT_S = 10; // the service is slower than this only when it waits on purpose
const LONG_S = 60;
const MINUTE_MS = 60_000;

export class Story {
  head = [];
  #lines = [];
  #names = [];
  #call = null;
  #told = 0;

  // `clock` is the service's. `who` returns a number's name in stories, or null.
  constructor(country, clock, who) {
    Object.assign(this, { country, clock, who });
  }

  get told() {
    return this.#lines.filter((line) => !line.startsWith("#")).length;
  }

  get text() {
    return [...this.head, ...this.#lines, ""].join("\n");
  }

  // Deletes everything and starts now: on the same day of the week, at the same time of day.
  begin() {
    this.#lines = [];
    this.#names = [];
    this.#call = null;
    this.#told = +this.clock.now();
    const here = this.clock.there(this.#told);
    const first = this.clock.there(BEGINS);
    const sameDay = clockTime(here) > clockTime(first);
    const days = (here.getUTCDay() - first.getUTCDay() - (sameDay ? 0 : 1) + 14) % 7;
    this.head = ["# Recorded from the phone page.", `country ${this.country}`];
    if (days) this.head.push(`wait ${count(days, "day")}`);
    this.head.push(`at ${clockTime(here)}`);
  }

  dial(session, number) {
    this.#let(+this.clock.now(), LONG_S);
    this.#call = { session, number, shown: [], text: "" };
    const who = this.who(number);
    this.#say(number, who === "caller" ? "dial" : `${who} dials`);
  }

  press(session, keys) {
    if (!this.#isOn(session)) return;
    this.#say(this.#call.number, `> ${this.#pressed(session, keys)}`);
  }

  // `pieces`: the screen, split by the service into fixed text and values.
  shows(session, text, pieces, again) {
    if (!this.#isOn(session)) return;
    Object.assign(this.#call, { shown: pieces, text });
    this.#say(this.#call.number, `< ${this.#named(pieces, session)}`);
    if (again) this.#say(this.#call.number, "again");
  }

  hangUp(session) {
    if (!this.#isOn(session)) return;
    this.#say(this.#call.number, "hang up");
    this.#call = null;
  }

  gets(number, at, pieces) {
    this.#let(at, SHORT_S);
    this.#say(number, `${this.who(number)} gets: ${this.#named(pieces)}`);
  }

  sends(number, text) {
    this.#let(+this.clock.now(), LONG_S);
    const named = text.replace(/\b\d{5,6}\b/g, (digits) => this.#known(["offer", "code"], digits) ?? digits);
    this.#say(number, `${this.who(number)} sends: ${named}`);
  }

  // The clock was moved by a button of the page.
  moved({ minutes, to, reset }) {
    if (minutes) this.#lines.push(minutes % 60 ? `wait ${count(minutes, "minute")}` : `wait ${count(minutes / 60, "hour")}`);
    if (to && clockTime(this.clock.there(this.#told)) < to) this.#lines.push("wait 1 day"); // `at` alone would be today
    if (to) this.#lines.push(`at ${to}`);
    if (reset) this.note("the clock went back to real time: a story's cannot");
    this.#told = to || reset ? +this.clock.now() : this.#told + minutes * MINUTE_MS;
  }

  // An event that stories have no line for.
  note(what) {
    this.#lines.push(`# ${what}`);
  }

  #isOn(session) {
    return this.#call?.session === session;
  }

  #say(number, line) {
    const known = this.who(number) !== null;
    this.#lines.push(known ? line : `# (a phone that stories do not know) ${line.replace(/^null /, "")}`);
  }

  // Adds the time that has passed since, if it is long enough to matter.
  #let(at, least) {
    const seconds = Math.ceil((at - this.#told) / 1000);
    if (seconds < least) return;
    this.#lines.push(`wait ${count(seconds, "second")}`);
    this.#told += seconds * 1000;
  }

  #pressed(session, keys) {
    const beside = new Map(this.#call.text.split("\n").map((line) => [line.slice(0, 1), line.slice(2)])).get(keys);
    const word = beside && this.#known(["word"], beside);
    if (word) return `the digit of ${word}`;
    const drawn = this.#call.shown.find(({ slot, text }) => slot === "drawn" && text === keys);
    return drawn ? this.#name("drawn", keys, session) : this.#known(["code"], keys) ?? keys;
  }

  #named(pieces, session) {
    const text = pieces.map((piece) => (varies(piece) ? this.#name(piece.slot, piece.text, session) : piece.text));
    return text.join("").replaceAll("\n", "⏎");
  }

  #known(slots, value) {
    return this.#names.findLast((name) => slots.includes(name.slot) && name.value === value)?.name ?? null;
  }

  #name(slot, value, session) {
    const own = session && OF_A_CALL.includes(slot);
    const same = (name) => name.slot === slot && name.value === value && (!own || name.session === session);
    const found = this.#names.findLast(same);
    if (found) return found.name;
    const before = this.#names.filter((name) => name.slot === slot).length;
    const name = `{${NAMES[slot]}${before ? `_${letters(before)}` : ""}}`;
    this.#names.push({ slot, value, session, name });
    return name;
  }
}

// Whole hours belong to a time window; other times come from the clock.
function varies({ slot, text }) {
  return slot in NAMES && !(["from", "to"].includes(slot) && text.endsWith(":00"));
}

function clockTime(there) {
  return there.toISOString().slice(11, 16);
}

function count(amount, unit) {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

// b, c, … z, bb: names of stories have no digits.
function letters(at) {
  return String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26));
}
