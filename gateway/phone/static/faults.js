// The buttons that simulate faults of the caller's connection.

import { say } from "./words.js";

// Some are armed for the next hop; the others affect the session in progress.
export class Faults {
  #armed = {};

  constructor(root, phone) {
    this.said = root.querySelector("[role=status]");
    this.buttons = [...root.querySelectorAll("[data-fault]")];
    for (const button of root.querySelectorAll("[data-fault]")) {
      const { fault } = button.dataset;
      button.addEventListener("click", () => this.#arm(fault, !this.#armed[fault]));
    }
    for (const button of root.querySelectorAll("[data-now]")) {
      button.addEventListener("click", () => this.#now(phone(), button.dataset.now));
    }
  }

  // Returns the armed fault and disarms it.
  take() {
    const armed = this.#armed;
    for (const fault of Object.keys(armed)) this.#arm(fault, false);
    return armed;
  }

  #arm(fault, on) {
    this.#armed = { ...this.#armed, [fault]: on };
    this.buttons.find(({ dataset }) => dataset.fault === fault).setAttribute("aria-pressed", String(on));
    this.said.textContent = "";
  }

  #now(phone, fault) {
    const had = phone[fault]();
    const missing = phone.inCall ? "technical.no_earlier" : "technical.no_call";
    this.said.textContent = had ? "" : say(missing);
  }
}
