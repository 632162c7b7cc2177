// The page's own texts, in English or Russian. Callers' texts come from the service and are not changed.

import { RUSSIAN } from "./russian.js";

const KEPT = "komek-page-language";
const ATTRIBUTES = ["aria-label", "placeholder"];
const SLOT = /\{([a-z]+)\}/g;
const language = chosen();

document.documentElement.lang = language;

// Returns an English text in the page's language, with `{name}` filled in.
export function say(english, values = {}) {
  const words = language === "ru" ? RUSSIAN[english] ?? english : english;
  return words.replace(SLOT, (slot, name) => values[name] ?? slot);
}

// Translates all texts that are in the page.
export function translate(root) {
  if (language === "en") return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    const english = node.data.trim().replace(/\s+/g, " ");
    if (english in RUSSIAN) node.data = node.data.replace(node.data.trim(), say(english));
  }
  for (const name of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[${name}]`)) element.setAttribute(name, say(element.getAttribute(name)));
  }
}

export function wireWords() {
  const select = document.getElementById("page-language");
  if (localStorage.getItem(KEPT)) consoleIn(language);
  select.value = language;
  select.addEventListener("change", () => {
    localStorage.setItem(KEPT, select.value);
    location.reload();
  });
}

// The console opens in the language that the reader chose here; without a choice, in the one of the browser.
function consoleIn(chosen) {
  for (const link of document.querySelectorAll(".in-language")) {
    const address = new URL(link.href);
    address.searchParams.set("language", chosen);
    link.href = address.href;
  }
}

// The reader's own choice, or else the language for which the browser asked.
function chosen() {
  return localStorage.getItem(KEPT) ?? document.documentElement.lang;
}
