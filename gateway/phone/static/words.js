// The page's own texts, which came with the page in its language. Callers' texts come from the service and are not changed.

const TEXTS = JSON.parse(document.body.dataset.texts);
const SLOT = /\{([a-z]+)\}/g;

// Returns the text with this name in content/phone.yaml, with `{name}` filled in.
export function say(name, values = {}) {
  return TEXTS[name].replace(SLOT, (slot, value) => values[value] ?? slot);
}

// Another language is another page. Its address names it, and the service remembers it for the next visit.
export function wireWords() {
  const select = document.getElementById("page-language");
  select.addEventListener("change", () => location.assign(`?lang=${select.value}`));
}
