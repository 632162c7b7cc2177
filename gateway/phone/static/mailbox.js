// The texts to and from each number, in order of arrival.

export class Mailbox {
  #texts = new Map();
  #read = new Map();

  // Stores a text or its new status. Returns whether the text is new.
  put(text) {
    const texts = this.of(text.number);
    const known = texts.findIndex(({ id }) => id === text.id);
    if (known >= 0) texts[known] = text;
    else texts.push(text);
    return known < 0;
  }

  of(number) {
    if (!this.#texts.has(number)) this.#texts.set(number, []);
    return this.#texts.get(number);
  }

  unread(number) {
    return this.#received(number) - (this.#read.get(number) ?? 0);
  }

  read(number) {
    this.#read.set(number, this.#received(number));
  }

  #received(number) {
    return this.of(number).filter(({ sent }) => !sent).length;
  }
}
