// Quick exit: the button, or Esc twice within a second. The screen is cleared first, then the session ends.
// All other tabs of the console leave, too: they belong to the same session.
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
  // Always go to the harmless page: the sign-in page would redirect while the session has not ended yet.
  tabs?.addEventListener("message", () => {
    clear();
    location.replace("/away");
  });
  // A page in the back/forward cache must not come back with the "back" key: empty it before it is cached.
  window.addEventListener("pagehide", (event) => {
    if (event.persisted) document.documentElement.hidden = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
