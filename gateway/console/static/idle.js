"use strict";
// Warns before a session ends unused. The server says how long it lasts: another tab may have used it. It is asked when
// the warning may be due, and then three times a minute.
(() => {
  const box = document.getElementById("idle");
  const idle = Number(box.dataset.idle);
  const warn = Math.min(120, idle / 4);
  let next = null;

  async function ask() {
    clearTimeout(next);
    const answer = await fetch("/idle").catch(() => null);
    const left = answer?.status === 200 ? Number(await answer.text()) : null;
    const begins = box.hidden;
    box.hidden = left === null || left > warn;
    if (begins && !box.hidden) document.dispatchEvent(new Event("ends-soon"));
    if (!answer || left !== null) next = setTimeout(ask, left > warn ? 1000 * (left - warn) + 1000 : 20_000);
  }

  box.querySelector("button").addEventListener("click", async () => {
    await fetch("/stay").catch(() => null);
    ask();
  });
  next = setTimeout(ask, 1000 * Math.max(idle - warn - 60, 5));
})();
