// Leaving at once: the button, or Esc twice within a second. What is on the screen goes first, then the session.
"use strict";
(() => {
  const form = document.getElementById("leave");
  let last = -Infinity;

  function leave() {
    document.documentElement.hidden = true;
    document.title = "";
    document.body.replaceChildren(form);
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
  // A page that the browser has put aside must not come back with the "back" key.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
