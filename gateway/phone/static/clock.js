// The service's clock: the last time that it sent, plus the time since.

import { say } from "./words.js";

const MOVED_MS = 90_000;

export class Clock {
  #heard = Date.now();
  #at = performance.now();
  #zone = "Z";

  // `now` is ISO 8601 with the offset of the service's country, which need not be the browser's.
  set(now) {
    this.#heard = Date.parse(now);
    this.#at = performance.now();
    this.#zone = /(Z|[+-]\d\d:\d\d)$/.exec(now)?.[0] ?? "Z";
  }

  now() {
    return new Date(this.#heard + performance.now() - this.#at);
  }

  // The local time there, as ISO 8601 without offset.
  local() {
    return this.there().toISOString().slice(0, 19);
  }

  show(root) {
    root.querySelector("#now-time").textContent = this.local().slice(11, 16);
    root.querySelector("#now-date").textContent = date(this.local());
    root.querySelector("#moved").textContent = moved(this.now() - Date.now());
  }

  // Time and date to the nearest minute: a clock that was just set may be some milliseconds short of it.
  nearest() {
    const local = this.there(Math.round(this.now() / 60_000) * 60_000).toISOString();
    return `${local.slice(11, 16)}, ${date(local)}`;
  }

  // The local time of an instant there, in the UTC fields of the returned date.
  there(ms = +this.now()) {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(this.#zone) ?? ["", "+", "0", "0"];
    return new Date(ms + Number(`${sign}1`) * (hours * 60 + Number(minutes)) * 60_000);
  }
}

// As people write it in all countries of the demo. Browsers do not know the months of every language there.
function date(local) {
  const [year, month, day] = local.slice(0, 10).split("-");
  return `${day}.${month}.${year}`;
}

function moved(ms) {
  if (Math.abs(ms) < MOVED_MS) return say("clock.real");
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return `${ms < 0 ? "−" : "+"}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
