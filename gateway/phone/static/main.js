// Where the two phones, the gateway between them and the strip below are put together.

import { Faults, showTape, wireLog } from "./bench.js";
import { Clock } from "./clock.js";
import { Gateway } from "./gateway.js";
import { Handset } from "./handset.js";
import { wireKeyboard, wireKeys } from "./keys.js";
import { Mailbox } from "./mailbox.js";
import { follow, showUnread, wireCaller, wireNgo } from "./owners.js";
import { listen, post } from "./service.js";
import { Tape } from "./tape.js";

const { hook, code } = document.body.dataset;
const at = (id) => document.getElementById(id);

const clock = new Clock();
const mailbox = new Mailbox();
const gateway = new Gateway(hook, code, () => clock.now());
const tape = new Tape(() => clock.local(), showTape);
const faults = new Faults(document.querySelectorAll("[data-fault]"), () => caller.drop());
const caller = new Handset(at("caller"), { gateway, mailbox, tape, faults });
const ngo = new Handset(at("ngo"), { gateway, mailbox, tape, texter: true });
const phones = [caller, ngo];
let heard = false;

wireCaller(caller);
wireNgo(ngo);
phones.forEach(wireKeys);
wireKeyboard(phones);
wireLog(tape);

for (const button of document.querySelectorAll("[data-clock]")) {
  button.addEventListener("click", async () => setClock(await post("clock", JSON.parse(button.dataset.clock))));
}

listen((state) => {
  at("link").textContent = state ? "The service answers." : "The service does not answer.";
  at("link").classList.toggle("lost", !state);
  setClock(state);
  const fresh = (state?.messages ?? []).filter(put);
  if (fresh.length) follow(ngo, fresh.at(-1).to);
  for (const phone of phones) {
    if (!heard) phone.pickUp(); // what lay there before the page was opened does not ring
    else if (fresh.some(({ to }) => to === phone.number)) phone.arrived();
    else if (state?.messages.length) phone.draw();
  }
  heard ||= state !== null;
  showUnread(mailbox);
});

function setClock(given) {
  if (given) clock.set(given.now);
  clock.show(document);
  for (const { screen } of phones) screen.time.textContent = clock.local().slice(11, 16);
}

// Keeps a text that the service sent; tells whether it is new.
function put({ id, to, at: moment, sender, text, parts, encoding, status }) {
  const note = `${parts} ${parts === 1 ? "part" : "parts"}, ${encoding}, ${status}`;
  const fresh = mailbox.put({ id, number: to, sent: false, at: moment, other: sender || gateway.short, text, note });
  const phone = to === ngo.number || isContact(to) ? ngo : caller;
  if (fresh) tape.text(phone, to, false, text);
  return fresh;
}

function isContact(number) {
  return [...at("ngo-number").options].some(({ value }) => value === number);
}
