// A USSD menu of ussd-builder on Express: five questions with five answers each, then a screen that repeats them.
//
// Usage: node server.js PORT REDIS_SOCKET (shared|each)
//
// `shared` is one menu object for all callers, as the README of ussd-builder has it. Two callers at once then get each
// other's answers. `each` makes a new menu object for every hop, which is the only way that answers all correctly.
'use strict';

const express = require('express');
const { createClient } = require('redis');
const UssdMenu = require('ussd-builder');

const [port, socket, way] = process.argv.slice(2);
const QUESTIONS = 5;
const SECONDS = 600;
const redis = createClient({ socket: { path: socket } });
const at = (session, key) => `session:${session}:${key}`;

function makeMenu() {
  const menu = new UssdMenu();
  menu.sessionConfig({
    start: async () => undefined,
    end: async () => undefined,
    set: (session, key, value) => redis.set(at(session, key), value, { EX: SECONDS }),
    get: (session, key) => redis.get(at(session, key)),
  });
  for (let question = 1; question <= QUESTIONS; question += 1) {
    const make = question === 1 ? menu.startState.bind(menu) : (it) => menu.state(`question ${question}`, it);
    const following = question === QUESTIONS ? 'over' : `question ${question + 1}`;
    make({
      run: async () => {
        await menu.session.set('keys', menu.args.text);
        menu.con(`Question ${question}: 1 work 2 health 3 travel 4 papers 5 call me`);
      },
      next: { '*^[1-5]$': following },
    });
  }
  menu.state('over', {
    run: async () => {
      await menu.session.set('keys', menu.args.text);
      menu.end(`You said ${await menu.session.get('keys')}`);
    },
  });
  menu.on('error', () => undefined);
  return menu;
}

const shared = makeMenu();
const app = express();
app.disable('x-powered-by');
app.use(express.urlencoded({ extended: false }));
app.post('/ussd', (request, response) => {
  const menu = way === 'shared' ? shared : makeMenu();
  menu.run(request.body, (answer) => response.type('text/plain').send(answer));
});

redis.connect().then(() => app.listen(Number(port), '127.0.0.1'));
