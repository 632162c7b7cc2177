// Leaving at once: the button, or Esc twice within a second. What is on the screen goes first, then the session.
// Every other tab of the console goes with it: each was shown by the same session.
"use strict";
(() => {
  const form = document.getElementById("leave");
  const tabs = window.BroadcastChannel ? new BroadcastChannel("komek") : null;
  let last = -Infinity;

  function clear() {
    document.documentElement.hidden = true;
    document.title = "";
    document.body.replaceChildren(form);
  }

  function leave() {
    clear();
    tabs?.postMessage("leave");
    try {
      localStorage.clear();
    } catch {}
    HTMLFormElement.prototype.submit.call(form);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - last < 1000) leave();
    last = event.timeStamp;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => tabs?.postMessage("leave"));
  // To the dull page in either case: the page for signing in would lead on, while the session is not over yet.
  tabs?.addEventListener("message", () => {
    clear();
    location.replace("/away");
  });
  // A page that the browser has put aside must not come back with the "back" key: it is emptied when it is put aside.
  window.addEventListener("pagehide", (event) => {
    if (event.persisted) document.documentElement.hidden = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
