// Connects the two phones, the gateway between them and the strip below.

import { showTape, wireLog } from "./bench.js";
import { Clock } from "./clock.js";
import { Content } from "./content.js";
import { Faults } from "./faults.js";
import { Gateway } from "./gateway.js";
import { Handset } from "./handset.js";
import { wireKeyboard, wireKeys } from "./keys.js";
import { Mailbox } from "./mailbox.js";
import { follow, showUnread, wireCaller, wireLanguage, wireNgo, wireStyle } from "./owners.js";
import { wireRecorder } from "./recorder.js";
import { listen, post } from "./service.js";
import { Story } from "./story.js";
import { showTab, wireTabs } from "./tabs.js";
import { Tape } from "./tape.js";
import { Tour } from "./tour.js";
import { say, wireWords } from "./words.js";

const { hook, lastKeyHook, code, country } = document.body.dataset;
const at = (id) => document.getElementById(id);
const NARROW = matchMedia("(max-width: 679px)"); // as in phone.css

const clock = new Clock();
const mailbox = new Mailbox();
const gateway = new Gateway(hook, lastKeyHook, code, () => clock.now());
const story = new Story(country, clock, nameOf);
const tape = new Tape(() => clock.local(), story, showTape);
const faults = new Faults(at("faults"), () => caller);
const caller = new Handset(at("caller"), { gateway, mailbox, tape, faults });
const ngo = new Handset(at("ngo"), { gateway, mailbox, tape, texter: true });
const phones = [caller, ngo];
const tour = new Tour({ caller, ngo, clock, setClock, follow: (number) => follow(ngo, number, true), show });
const content = new Content(country, () => phones.forEach((phone) => phone.refresh()));
let heard = false;

wireCaller(caller);
wireLanguage(caller);
wireStyle(caller);
wireNgo(ngo);
phones.forEach(wireKeys);
wireKeyboard(phones);
wireLog(tape);
wireRecorder(story);
wireWords();
wireTabs(redraw);
showTape(tape);

for (const button of document.querySelectorAll("[data-clock]")) {
  button.addEventListener("click", async () => {
    const given = JSON.parse(button.dataset.clock);
    const moved = await post("clock", given);
    setClock(moved);
    if (moved) tape.moved(given);
  });
}

listen((state) => {
  const busy = content.heard(state);
  at("link").textContent = busy || say(state ? "frame.answers" : "frame.silent");
  at("link").classList.toggle("lost", !state && !busy);
  setClock(state);
  if (state && !heard) story.begin(); // the service's time is known from now on
  const fresh = (state?.messages ?? []).filter(put);
  if (fresh.length && !tour.leads) follow(ngo, fresh.at(-1).to);
  tour.heard(heard ? fresh.filter(({ to }) => contactOf(to)) : []);
  for (const phone of phones) {
    if (!heard) phone.pickUp(); // texts from before the page was opened make no sound
    else if (fresh.some(({ to }) => to === phone.number)) phone.arrived();
    else if (state?.messages.length) phone.draw();
  }
  heard ||= state !== null;
  showUnread(mailbox);
  freshOnTabs();
});

// A hidden list of texts cannot scroll to its end, so a phone is drawn again when it is shown.
function redraw() {
  for (const phone of phones) phone.draw();
}

// Shows a phone to a reader of the tour. In a narrow window the screen and all keys are then above the tour's card.
function show(name) {
  showTab(name);
  redraw();
  if (NARROW.matches) at(name).scrollIntoView({ block: "start" });
}

function setClock(given) {
  if (given) clock.set(given.now);
  clock.show(document);
  for (const { screen } of phones) screen.time.textContent = clock.local().slice(11, 16);
}

// Says on each tab how many unread texts its phone has.
function freshOnTabs() {
  for (const phone of phones) {
    const fresh = mailbox.unread(phone.number);
    document.querySelector(`[data-show="${phone.name}"]`).dataset.fresh = fresh || "";
  }
}

// Stores a text that the service sent. Returns whether it is new.
function put(message) {
  const { id, to, at: moment, sender, text, parts, encoding, status, weight, translated } = message;
  const note = `${parts} × SMS, ${encoding}, ${status}`;
  const fresh = mailbox.put({ id, number: to, sent: false, at: moment, other: sender || gateway.short, text, note, weight, translated });
  const phone = to === ngo.number || contactOf(to) ? ngo : caller;
  if (fresh && heard) tape.came(phone, message);
  return fresh;
}

function contactOf(number) {
  return [...at("ngo-number").options].find(({ value }) => value === number);
}

// A number's name in stories; null for an unknown phone.
function nameOf(number) {
  const [first, second] = at("caller-number").options;
  return { [first.value]: "caller", [second.value]: "other" }[number] ?? contactOf(number)?.dataset.id ?? null;
}
