// Keys of the console, unless somebody is typing: "?" opens the help, "/" goes to the search, "j" and "k" through a list.
// Somebody who speaks to the computer may press them by accident, so the help can turn them off (WCAG 2.1.4).
"use strict";
(() => {
  const PLACES = { KeyJ: "j", KeyK: "k" }; // where these keys are on a keyboard with other letters
  const off = () => {
    try {
      return localStorage.getItem("keys") === "off";
    } catch {
      return false;
    }
  };

  function step(by) {
    const lines = [...document.querySelectorAll("main .cases > li, #beside li")].filter((each) => each.querySelector("a[href]") && each.checkVisibility());
    const at = lines.findIndex((each) => each.contains(document.activeElement));
    lines[at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1)]?.querySelector("a[href]").focus();
  }

  const pressed = {
    "?": () => document.getElementById("help")?.click(),
    "/": () => document.querySelector("[role=search] input:not([type=hidden])")?.focus(),
    j: () => step(1),
    k: () => step(-1),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || off()) return;
    const act = pressed[event.key] || (event.key > "\x7f" && pressed[PLACES[event.code]]);
    if (!act) return;
    event.preventDefault(); // "/" must not be typed into the search
    act();
  });

  const button = document.getElementById("keys-off");
  if (!button) return;
  const show = () => (button.textContent = off() ? button.dataset.on : button.dataset.off);
  button.addEventListener("click", () => {
    try {
      localStorage.setItem("keys", off() ? "on" : "off");
    } catch {
      // the browser stores nothing: the keys stay on
    }
    show();
  });
  show();
  button.hidden = false;
})();
