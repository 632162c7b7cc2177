// Keys: those of a handset, and those of the keyboard, which go to the phone in use.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 };

export function wireKeys(phone) {
  const doing = {
    green: () => phone.green(),
    red: () => phone.red(),
    texts: () => phone.flip(),
    clear: () => phone.clear(),
    up: () => phone.screen.scroll(-3),
    down: () => phone.screen.scroll(3),
  };
  phone.screen.shell.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.key) phone.type(button.dataset.key);
    else if (button) doing[button.dataset.do]();
  });
  // A click does not move the focus, so that Enter after it is the green key and not the same digit again.
  phone.screen.shell.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
  wireKeypad(phone.root.querySelector(".keypad"));
}

// The keypad is one stop of the Tab key; the arrows move inside it.
function wireKeypad(pad) {
  const keys = [...pad.children];
  pad.addEventListener("keydown", (event) => {
    const next = keys[keys.indexOf(event.target) + STEPS[event.key]];
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    next?.focus();
  });
  pad.addEventListener("focusin", ({ target }) => {
    for (const key of keys) key.tabIndex = key === target ? 0 : -1;
  });
}

export function wireKeyboard(phones) {
  let inUse = phones[0];
  const choose = ({ target }) => (inUse = phones.find(({ root }) => root.contains(target)) ?? inUse);
  document.addEventListener("focusin", choose);
  document.addEventListener("pointerdown", choose);
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target !== document.body && !target.closest(".shell")) return;
    if (pressed(inUse, target, key)) event.preventDefault();
  });
}

// Returns whether the phone used the key.
function pressed(phone, target, key) {
  const typing = target === phone.screen.entry;
  if (key === "Escape") phone.red();
  else if (key === "Enter" && target.tagName !== "BUTTON") phone.green();
  else if (typing && (key === "ArrowUp" || key === "ArrowDown")) phone.screen.scroll(key === "ArrowUp" ? -3 : 3);
  else if (!typing && /^[0-9*#]$/.test(key)) phone.type(key);
  else if (!typing && key === "Backspace") phone.clear();
  else return false;
  return true;
}
