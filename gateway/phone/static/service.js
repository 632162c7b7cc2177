// The page's own addresses: what came since, the clock, and what a screen weighs.

const { page } = document.body.dataset;
const EVERY_MS = 700;

export async function post(what, given) {
  try {
    const headers = { "Content-Type": "application/json" };
    const reply = await fetch(`${page}/${what}`, { method: "POST", headers, body: JSON.stringify(given) });
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}

// Asks for what came, again and again, while the page can be seen. `hear` gets null where nobody answers.
export function listen(hear) {
  let since = 0;
  let timer;
  async function ask() {
    clearTimeout(timer);
    if (!document.hidden) {
      const state = await fetch(`${page}/state?since=${since}`).then((reply) => (reply.ok ? reply.json() : null), () => null);
      if (state) since = state.seq;
      hear(state);
    }
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  }
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  ask();
}
