// The place of a session in the menus: the screen, its page, its file and line, and the path that led there.

import { say } from "./words.js";

const at = (id) => document.getElementById(id);

export function showWhere(where) {
  at("where-screen").textContent = where?.screen || "–";
  at("where-page").textContent = where && where.pages > 1 ? `${where.page} / ${where.pages}` : "";
  at("where-file").textContent = where?.at ?? "";
  at("where-note").textContent = where ? notes(where) : "";
  at("where-path").replaceChildren(...(where?.path ?? []).map(step));
}

function notes({ instead, wrong }) {
  if (instead) return say("technical.instead");
  return wrong ? say("technical.wrong") : "";
}

function step({ key, screen, page, wrong }, index, path) {
  const row = document.createElement("li");
  const pressed = document.createElement("kbd");
  pressed.textContent = index ? key : document.body.dataset.code;
  const name = document.createElement("span");
  name.textContent = page > 1 ? `${screen} · ${page}` : screen;
  row.classList.toggle("wrong", wrong);
  row.append(pressed, name);
  if (index === path.length - 1) row.setAttribute("aria-current", "step");
  return row;
}
