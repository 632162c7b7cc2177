"use strict";
// A browser may keep a page for its back button: what is kept must hold no number.
addEventListener("pagehide", () => document.getElementById("number")?.remove());
addEventListener("pageshow", (event) => { if (event.persisted) document.getElementById("number")?.remove(); });
