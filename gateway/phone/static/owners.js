// The owner of each handset.

import { STYLES } from "./styles.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const WHOLE = /^\+[1-9][0-9]{7,14}$/; // an international number (E.164)

export function wireCaller(phone) {
  const chosen = () => {
    const other = at("caller-number").value === "";
    const typed = at("caller-other").value.replace(/[ ()-]/g, "");
    const wrong = other && !WHOLE.test(typed);
    at("caller-other").hidden = !other;
    at("caller-wrong").hidden = !wrong;
    at("caller-wrong").textContent = wrong ? say("caller.whole", { number: at("caller-number").options[0].value }) : "";
    at("caller-other").setAttribute("aria-invalid", String(wrong));
    phone.carry(wrong ? "" : other ? typed : at("caller-number").value);
  };
  at("caller-number").addEventListener("change", () => {
    chosen();
    if (!at("caller-other").hidden) at("caller-other").focus();
  });
  at("caller-other").addEventListener("change", chosen);
  at("caller-other").addEventListener("keydown", ({ key }) => key === "Enter" && phone.screen.entry.focus());
  chosen();
}

// The caller's language: their phone chooses it by itself after the dial.
export function wireLanguage(phone) {
  const chosen = () => {
    const keys = at("caller-language").value;
    phone.wayIn = keys ? keys.split("*") : [];
  };
  at("caller-language").addEventListener("change", chosen);
  chosen();
}

// How the caller's gateway sends keys. It counts from the next dial on.
export function wireStyle({ gateway }) {
  const chosen = () => (gateway.style = STYLES[at("style").value]);
  at("style").addEventListener("change", chosen);
  chosen();
}

export function wireNgo(phone) {
  at("ngo-number").addEventListener("change", () => take(phone, at("ngo-number").value));
  take(phone, at("ngo-number").value);
}

function take(phone, number) {
  at("ngo-number").value = number;
  at("ngo-shown").textContent = number;
  phone.carry(number);
}

// Switches the NGO's handset to the number that has just received a text, unless somebody is using it. The tour writes
// from that number, so it switches `always`.
export function follow(phone, number, always = false) {
  const listed = [...at("ngo-number").options].some(({ value }) => value === number);
  if (listed && (always || (at("follow").checked && !phone.busy))) take(phone, number);
}

// Shows beside each number how many unread texts it has.
export function showUnread(mailbox) {
  for (const option of document.querySelectorAll("#caller-number option, #ngo-number option")) {
    option.dataset.plain ??= option.textContent;
    const fresh = option.value && mailbox.unread(option.value);
    const text = fresh ? `${option.dataset.plain} · ✉ ${fresh}` : option.dataset.plain;
    if (option.textContent !== text) option.textContent = text;
  }
}
