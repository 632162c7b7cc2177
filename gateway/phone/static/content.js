// The content in use: its country, whether it has just changed, and the faults of the files on disk.

import { post } from "./service.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);

export class Content {
  #digest = null;
  #faults = "";
  #leaving = "";

  // `changed` is called when the texts have changed.
  constructor(country, changed) {
    Object.assign(this, { country, changed });
    at("country").addEventListener("change", () => this.#switch(at("country").value));
  }

  // Reads the service's state; null if it does not answer.
  heard(state) {
    if (!state) return this.#leaving ? say("frame.changing", { country: this.#leaving }) : "";
    if (state.country !== this.country) location.reload(); // the service of another country has started
    if (state.faults.length) this.#show("frame.faults", state.faults);
    else this.#show("frame.remarks", state.remarks);
    if (this.#digest && state.content !== this.#digest) {
      at("content-said").textContent = say("frame.new_content");
      this.changed();
    }
    this.#digest = state.content;
    return this.#leaving ? say("frame.changing", { country: this.#leaving }) : "";
  }

  async #switch(country) {
    this.#leaving = nameOf(country);
    const answer = await post("country", { country }, [202, 409]);
    if (answer && !answer.faults.length) return;
    this.#leaving = "";
    at("country").value = this.country;
    at("content-said").textContent = say("frame.not_started", { country: nameOf(country), fault: answer?.faults[0] ?? "?" });
  }

  #show(title, faults) {
    const shown = faults.length ? [title, ...faults].join("\n") : "";
    if (shown === this.#faults) return;
    this.#faults = shown;
    at("content-title").textContent = say(title);
    at("content-list").replaceChildren(...faults.map(item));
    at("content-faults").hidden = !shown;
  }
}

function nameOf(country) {
  return [...at("country").options].find(({ value }) => value === country).textContent;
}

function item(text) {
  const row = document.createElement("li");
  row.textContent = text;
  return row;
}
