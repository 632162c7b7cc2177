"use strict";
// Live updates of the list and of a case. Each response of the stream is one event, then the server closes it. The
// browser reconnects by itself after the pause in the response. An event has no facts of a case, only a mark and the
// marks of due cases. The list is loaded again by an address that does not extend the session. Every other page hears
// the bell, too, and says how many are in danger. The list of coordinators (`data-arrivals`) is loaded again only when
// something becomes urgent: one that followed each change would show which requests a stop paused at one instant.
(() => {
  const live = document.getElementById("live");
  if (!live || !window.EventSource) return;
  const { bell, list, watch } = live.dataset;
  const told = document.getElementById("changed");
  const switched = document.getElementById("sound");
  const title = document.title;
  let known = null;
  let behind = true;  // whether a list of arrivals lacks one
  let stream = null;
  let failed = 0;
  // Of several tabs of one browser, one makes the sound and asks while nobody sees it. The others ask when they are seen.
  let leads = !navigator.locks;
  const tabs = window.BroadcastChannel ? new BroadcastChannel("komek-bell") : null;
  let loaded = performance.now();
  let typed = Boolean(document.querySelector("main .faults"));  // what was typed into a form is there once more

  // "in 40 min" stays true while the page is open. Counted from when it came: the browser's clock may be wrong.
  function count() {
    for (const each of document.querySelectorAll("[data-left]")) {
      const minutes = Math.floor((each.dataset.left - (performance.now() - loaded) / 1000) / 60);
      const text = minutes < 120 ? live.dataset.minutes : live.dataset.hours;
      each.textContent = minutes < 0 ? "" : `(${text.replace("#", minutes < 120 ? minutes : Math.floor(minutes / 60))})`;
    }
  }

  function kept(value) {
    try {
      if (value !== undefined) localStorage.setItem("sound", value);
      return localStorage.getItem("sound") === "on";
    } catch {
      return false;
    }
  }

  function chime(alarm) {
    const sound = new AudioContext();
    (alarm ? [880, 1175, 880, 1175] : [660, 880]).forEach((pitch, at) => {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      const from = sound.currentTime + at * 0.18;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.06, from);
      loud.gain.exponentialRampToValueAtTime(0.001, from + 0.4);
      tone.connect(loud).connect(sound.destination);
      tone.start(from);
      tone.stop(from + 0.4);
    });
    setTimeout(() => sound.close(), 1500);
  }

  function show(on) {
    switched.textContent = on ? switched.dataset.on : switched.dataset.off;
    switched.setAttribute("aria-pressed", String(on));
  }

  async function refresh(from, ids) {
    const answer = await fetch(from);
    if (answer.status !== 200) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const here = document.activeElement?.getAttribute("href");
    const passed = (performance.now() - loaded) / 1000;
    for (const each of document.querySelectorAll("[data-left]")) each.dataset.left -= passed;  // of what stays
    for (const id of ids) {
      const [now, old] = [fresh.getElementById(id), document.getElementById(id)];
      if (!now || !old) continue;
      const top = old.scrollTop;
      if (old.getAttribute("role") !== "status") old.replaceWith(now);
      else if (old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;  // what is read aloud must stay in the page
      now.scrollTop = top;
    }
    loaded = performance.now();
    if (here) [...document.querySelectorAll("main a")].find((each) => each.getAttribute("href") === here)?.focus();
  }

  // If very many cases are due, not all are named: a case named for the first time need not be new.
  function isNew(now) {
    const more = [known, now].some((each) => each.count > each.due.length);
    return more ? now.count > known.count : now.due.some((each) => !known.due.includes(each));
  }

  // What is in danger is named first. It may have been due before, and the danger is new.
  function isAlarming(now) {
    const inDanger = ({ due, danger }) => due.slice(0, danger);
    return inDanger(now).some((each) => !inDanger(known).includes(each));
  }

  function heard(event) {
    const now = JSON.parse(event.data);
    failed = 0;
    document.title = (now.count ? `(${now.count}) ` : "") + (now.danger ? `${live.dataset.loud}! ` : "") + title;
    // A tab that leads may be one that the browser has put to sleep: the one that is seen rings as well.
    const arrived = !known || isNew(now);
    const alarm = Boolean(known) && isAlarming(now);
    if ((leads || !document.hidden) && known && kept() && (arrived || alarm)) chime(alarm);
    known = now;
    behind = now.mark !== live.dataset.mark && (behind || arrived);
    // A mark is the new one only once the list is: a failed attempt is repeated.
    if (live.dataset.beside && now.beside !== live.dataset.beside)
      refresh(live.dataset.pieces, ["beside", "in-danger"]).then(() => { live.dataset.beside = now.beside; }, () => {});
    if (watch && String(now.danger) !== live.dataset.danger)
      refresh(watch, ["in-danger"]).then(() => { live.dataset.danger = now.danger; }, () => {});
    if (watch || now.mark === live.dataset.mark || ("arrivals" in live.dataset && !behind)) return;
    told.hidden = false;
    if (!list) live.dataset.mark = now.mark;
    else refresh(list, ["strip", "list"]).then(() => { live.dataset.mark = now.mark; behind = false; }, () => {});
  }

  // Half a minute, then a minute, and not all tabs at the same instant: the server may just have started again.
  function pause() {
    failed += 1;
    return Math.min(30_000 * failed, 60_000) * (0.75 + Math.random() / 2);
  }

  // Closed for good: the session has ended, or the server was unavailable for a moment.
  async function look(asked) {
    let over = false;
    try {
      over = (await fetch(bell)).status === 204;
    } catch {}
    if (document.documentElement.hidden) return;  // somebody leaves at once: nothing may lead this page elsewhere
    const note = document.getElementById("note");
    if (over && !asked) tabs?.postMessage("over");
    if (!over) setTimeout(listen, pause());
    else if (watch && typed) document.getElementById("in-danger").replaceChildren();
    else if (watch) location.replace(live.dataset.home);
    else if (note && note.value.trim()) told.hidden = false;
    else location.replace(list ? location.href : told.querySelector("a").href);  // do not send a form again
  }

  function listen() {
    if ((document.hidden && !leads) || (stream && stream.readyState !== EventSource.CLOSED)) return;
    stream = new EventSource(bell);
    stream.onmessage = heard;
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) look();
    };
  }

  if (switched) {
    document.getElementById("sound-dot").hidden = switched.hidden = false;
    show(kept());
    switched.addEventListener("click", () => {
      const on = kept(kept() ? "off" : "on");
      show(on);
      if (on) chime();
    });
  }
  if (watch) document.addEventListener("input", () => { typed = true; });
  // The sound ends with the session. Who relies on it may not be looking when the warning appears.
  document.addEventListener("ends-soon", () => {
    if ((leads || !document.hidden) && kept()) chime();
  });
  if (live.dataset.minutes) setInterval(count, 20_000);
  addEventListener("pagehide", () => stream?.close());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !leads) stream?.close();
    else listen();
  });
  tabs?.addEventListener("message", () => {
    if (document.hidden) look(true);
  });
  navigator.locks?.request("komek-bell", () => {
    leads = true;
    listen();
    return new Promise(() => {});
  }).catch(() => { leads = true; });
  listen();
})();
