// How gateways pass on what a caller presses. Most send only the newest key; Africa's Talking repeats all of them.

const NETWORK = "99999"; // as in AT's sandbox

// Every key since the dial in each request.
export const ALL_KEYS = {
  menus: true,
  repeats: true,
  form: ({ id, code, number }, keys) => ({ sessionId: id, serviceCode: code, phoneNumber: number, networkCode: NETWORK, text: keys.join("*") }),
  ended: ({ id, code, number }, more) => ({ sessionId: id, serviceCode: code, phoneNumber: number, networkCode: NETWORK, ...more }),
  label: (keys) => `text=${keys.join("*") || "(dial)"}`,
  read(body) {
    const [, verb, text] = /^(CON|END) (.*)$/s.exec(body) ?? [];
    return verb ? { open: verb === "CON", text } : null;
  },
};

// Only the newest key. `hop` counts, so that the service knows a repeated request.
export const LAST_KEY = {
  menus: true,
  repeats: false,
  form: ({ id, number }, keys) => ({ call: id, number, hop: `hop-${keys.length}`, ...(keys.length ? { key: keys.at(-1) } : {}) }),
  ended: ({ id, number }) => ({ call: id, number }),
  label: (keys) => (keys.length ? `key=${keys.at(-1)}` : "(dial)"),
  read(body) {
    try {
      const { text, last } = JSON.parse(body);
      return { open: !last, text };
    } catch {
      return null;
    }
  },
};

// A line that has no menus: callers write texts.
export const TEXTS_ONLY = { ...ALL_KEYS, menus: false };

export const STYLES = { all: ALL_KEYS, last: LAST_KEY, texts: TEXTS_ONLY };
