// The page's own endpoints: new texts, the clock, the place of a session in the menus, the country.

const { page, language } = document.body.dataset;
const EVERY_MS = 600;
const PATIENCE_MS = 8_000;

// Returns the response if its status is in `good`, else null; never throws.
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

// Polls for new texts while the page is visible. `hear` gets null if the service does not answer.
export function listen(hear) {
  let since = 0;
  let timer;
  async function ask() {
    clearTimeout(timer);
    if (!document.hidden) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const state = await fetch(`${page}/state?since=${since}&language=${language}`, { signal }).then((reply) => (reply.ok ? reply.json() : null), () => null);
      if (state) since = state.seq;
      hear(state);
    }
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  }
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  ask();
}
