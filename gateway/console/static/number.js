"use strict";
// A browser may cache a page for its back button: the cached page must hold no number.
addEventListener("pagehide", () => document.getElementById("number")?.remove());
addEventListener("pageshow", (event) => { if (event.persisted) document.getElementById("number")?.remove(); });
