// The page's own addresses: what came since, the clock, where a call stands, which country.

const { page } = document.body.dataset;
const EVERY_MS = 600;
const PATIENCE_MS = 8_000;

// Gives the answer where its status is one of `good`, else null; never throws.
export async function post(what, given, good = [200]) {
  try {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify(given);
    const reply = await fetch(`${page}/${what}`, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    return good.includes(reply.status) ? await reply.json() : null;
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
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const state = await fetch(`${page}/state?since=${since}`, { signal }).then((reply) => (reply.ok ? reply.json() : null), () => null);
      if (state) since = state.seq;
      hear(state);
    }
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  }
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  ask();
}
