// The card that saves a session as a story: recorded between two clicks, or everything since the page was loaded.

import { copy } from "./bench.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);

export function wireRecorder(story) {
  const button = at("record");
  let recording = false;
  button.addEventListener("click", () => {
    recording = !recording;
    button.setAttribute("aria-pressed", String(recording));
    if (recording) start(story);
    else show(story);
  });
  at("so-far").addEventListener("click", () => show(story));
  at("copy-story").addEventListener("click", () => copy(at("story").textContent, at("story-said")));
  at("keep-story").addEventListener("click", () => keep(at("story").textContent));
}

function start(story) {
  story.begin();
  at("story-box").hidden = true;
  at("story-said").textContent = say("technical.recording");
}

function show(story) {
  at("story").textContent = story.text;
  at("story-box").hidden = !story.told;
  at("story-said").textContent = story.told ? "" : say("technical.nothing");
}

// Saves the text as a file, without any server.
function keep(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "recorded.story";
  link.click();
  URL.revokeObjectURL(link.href);
}
