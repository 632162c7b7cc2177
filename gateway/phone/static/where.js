// The place of a session in the menus: the screen, its page, its file and line, and the path that led there.

import { say } from "./words.js";

const at = (id) => document.getElementById(id);

export function showWhere(where) {
  at("where-screen").textContent = where ? `${where.screen || say("no screen of the content")}` : "–";
  at("where-page").textContent = where && where.pages > 1 ? say("page {page} of {pages}", where) : "";
  at("where-file").textContent = where?.at ?? "";
  at("where-note").textContent = where ? notes(where) : say("Dial, and follow the way.");
  at("where-path").replaceChildren(...(where?.path ?? []).map(step));
}

function notes({ instead, wrong }) {
  if (instead) return say("The service put this screen in place of the one that the keys lead to.");
  return wrong ? say("The last key led nowhere.") : "";
}

function step({ key, screen, page, wrong }, index, path) {
  const row = document.createElement("li");
  const pressed = document.createElement("kbd");
  pressed.textContent = index ? key : say("dial");
  const name = document.createElement("span");
  name.textContent = page > 1 ? `${screen} · ${page}` : screen;
  row.classList.toggle("wrong", wrong);
  row.append(pressed, name);
  if (index === path.length - 1) row.setAttribute("aria-current", "step");
  return row;
}
