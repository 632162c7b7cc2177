"""Review marks: who reviewed a text, when, and the hash of its exact wording (R13). Any edit makes the mark invalid.

Production sends no text without a mark, and does not start if a consent or END screen has no mark. The demo shows all
texts. The marks are in `content/reviews.yaml`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline.content.reading_age import reading_age
from menus.book import FROM_DATABASE, SLOT, Book, fill
from menus.tree import Choice, End, Screen

AGREED = frozenset({"consent", "window", "state_line"})
"""The answers by which a caller agrees or refuses to be called (R28); `state_line`: by a line of the state (R21)."""

READER = "reader"
SIGNERS = ("doctor", "lawyer", "psychologist")
"""Who else signs a text. `content/signers.yaml` says which text needs which of them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One review of one text by a person who works with callers, or a signature of a professional."""

    text: str
    language: str
    reviewer: str
    on: str
    hash: str
    role: str = READER
    """In which role they read it. Only the mark of a reader lets a text be sent."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The review marks of a book. `all_allowed` is set in the demo, which shows all texts."""

    book: Book
    marks: Sequence[Mark]
    all_allowed: bool
    signers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Who must sign a text, by its name."""
    marked_numbers: Mapping[str, str] = field(default_factory=dict)
    """The numbers that nobody has verified yet: as the book shows them, with a mark → without it."""
    _sendable: dict[tuple[str, str], frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `allow_sent` has found out: the words of a text in a language that its mark covers; none without a mark."""
    _screens: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `_showing` has found out."""

    def allow_sent(self, notice: str, language: str, words: str) -> bool:
        """Whether these very words, with their placeholders, may be sent: the mark of `notice` covers them."""
        covered = self._sendable.get((notice, language))
        if covered is None:
            marked = self.allow(notice, language)
            covered = frozenset(self.wording(notice, language).split("\f") if marked else ())
            self._sendable[notice, language] = covered
        return words in covered

    def allow(self, text: str, language: str) -> bool:
        """Whether a text (`to_caller.ask`, or the name of a screen) may be shown or sent in a language."""
        if self.all_allowed:
            return True
        now = self.hash(text, language)
        read = (m for m in self.marks if m.role == READER and m.reviewer)
        return any(m.text == text and m.language == language and m.hash == now for m in read)

    def hash(self, text: str, language: str) -> str:
        """Return the hash of a wording, by which a mark names it.

        A list of languages to choose from is no part of it. `KOMEK_LANGUAGES` may shorten the list, and the same mark
        must be valid with and without it. Nor is the mark of a number that is not verified: once somebody has called
        the number, readers need not read the same words again. Another number ends the review.
        """
        wording = self.wording(text, language, with_languages=False)
        for marked, number in self.marked_numbers.items():
            wording = wording.replace(marked, number)
        return hash_of(wording)

    def wording(self, text: str, language: str, *, with_languages: bool = True) -> str:
        """Return the whole wording that a mark covers: pages, what a wrong key shows, and all inserted texts."""
        local, notices = self.book.locals[language], self.book.notices[language]
        shown = self.parts(text, language, with_languages=with_languages)
        slots = {slot for said in shown for slot in SLOT.findall(said)}
        for slot in sorted(slots & FROM_DATABASE):
            shown += [said for name, said in sorted(notices.items()) if name.startswith(f"{slot}.")]
        if slots & {"word", "ours"}:
            shown += [word for _, word in local.lists["words"]] + list(local.our_words)
        return "\f".join(shown)

    def parts(self, text: str, language: str, *, with_languages: bool = True) -> list[str]:
        """Return the words of a text without inserted ones: each page, and what a wrong key shows."""
        notices = self.book.notices[language]
        if text in notices:
            screens = [name for name in self._showing().get(text, ()) if name in self.book.pages[language]]
            if not with_languages:
                screens = [name for name in screens if not self._lists_languages(name)]
            shown = [notices[text], *(self.wording(name, language) for name in screens)]
        else:
            ends = isinstance(self.book.tree.screens[text], End)  # an end screen reads no key
            pages = self.book.pages[language][text]
            shown = [said for page in pages for said in ((page.text,) if ends else (page.text, page.wrong))]
        return shown

    def _showing(self) -> Mapping[str, Sequence[str]]:
        """Return the names of the screens that have the words of a notice, by its name. A book never changes."""
        if not self._screens:
            for name, screen in self.book.tree.screens.items():
                if text := getattr(screen, "text", None):
                    self._screens.setdefault(text.path, []).append(name)
        return self._screens

    def _lists_languages(self, screen: str) -> bool:
        found = self.book.tree.screens[screen]
        return isinstance(found, Choice) and found.each is not None and found.each.source == "languages"

    def signed(self, language: str) -> list[Mark]:
        """Return the valid signatures in a language: those of the words as they are now."""
        return [m for m in self.marks if m.role in SIGNERS and m.language == language and self._is_valid(m)]

    def unsigned(self, language: str) -> dict[str, list[str]]:
        """Return who has not signed each text that a language shows and that they must sign."""
        signed = self.signed(language)
        shown = (text for text in self.signers if text in self.book.pages[language])
        missing = {text: self.still_to_sign(text, [mark for mark in signed if mark.text == text]) for text in shown}
        return {text: roles for text, roles in missing.items() if roles}

    def still_to_sign(self, text: str, marks: Sequence[Mark]) -> list[str]:
        """Return who must sign a text that says anything in this country, and has not. `marks`: those for its words."""
        roles, signed = self.signers.get(text, ()), {mark.role for mark in marks}
        has_words = bool(roles) and _is_shown(self.book, self.book.tree.screens[text])
        return [role for role in roles if has_words and role not in signed]

    def _is_valid(self, mark: Mark) -> bool:
        known = mark.text in self.book.notices[mark.language] or mark.text in self.book.pages[mark.language]
        return known and mark.hash == self.hash(mark.text, mark.language)

    def missing(self) -> Iterator[tuple[str, str]]:
        """Yield every text (name, language) without the mark that production needs."""
        for language in self.book.languages:
            for text in guarded(self.book):
                if not self.allow(text, language):
                    yield text, language


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Whether one guarded text is reviewed in one language."""

    text: str
    language: str
    hash: str
    """The hash of its current wording."""
    mark: Mark | None
    """The mark with this hash, if there is one."""
    age: int = 0
    """From which age it is usually read with ease (a calculated hint)."""


def review_states(reviews: Reviews) -> list[ReviewState]:
    """Return the state of every guarded text in every language of a country, in the order of the content."""
    valid = {
        (mark.text, mark.language, mark.hash): mark for mark in reviews.marks if mark.reviewer and mark.role == READER
    }
    found = []
    for language in reviews.book.languages:
        for text in guarded(reviews.book):
            wording, now = reviews.wording(text, language), reviews.hash(text, language)
            found.append(ReviewState(text, language, now, valid.get((text, language, now)), reading_age(wording)))
    return found


def guarded(book: Book) -> list[str]:
    """Return the names of the texts that need a mark: texts to callers, consent screens and END screens.

    The screens of an SMS dialogue are left out, because their words are those of the texts to callers. The topics to
    read by SMS have words of their own, and come last (R13).
    """
    screens = {name: screen for name, screen in book.tree.screens.items() if not name.startswith("sms.")}
    agreeing = [name for name, screen in screens.items() if _agrees(screen) and _is_shown(book, screen)]
    ends = [name for name, screen in screens.items() if isinstance(screen, End)]
    topics = [name for name in book.tree.screens if name in book.tree.sms_safe]
    return [*(name for name in book.tree.notices if name.startswith("to_caller.")), *agreeing, *ends, *topics]


def all_texts(book: Book, language: str) -> list[str]:
    """Return the names of all texts for callers and services in a language: notices, then screens.

    A list of one place (`callback.district@KG-GO`) has no words of its own.
    """
    names = dict.fromkeys((*book.notices[language], *book.pages[language]))
    return [name for name in names if "@" not in name]


def _agrees(screen: Screen) -> bool:
    """Whether the caller agrees to something, or refuses it, on this screen."""
    answers = {name for option in screen.options for name, _ in option.keep} if isinstance(screen, Choice) else set()
    return bool(answers & AGREED)


def _is_shown(book: Book, screen: Screen) -> bool:
    """Whether a screen has words in this country. The screen of a legal duty is empty if there is no such duty."""
    text = getattr(screen, "text", None)
    return text is not None and any(fill(text.english, local.own) for local in book.locals.values())


def reading_command(language: str, country: str, role: str = READER) -> str:
    """Return the command that shows all that this role must still read in a language, and with `--write` records it."""
    signs = f" --as {role}" if role != READER else ""
    return f"./komek translate reviewed {language} --country {country} --by NAME{signs}"


def hash_of(wording: str) -> str:
    """Return the hash of a wording: 16 hex digits."""
    return hashlib.blake2b(wording.encode(), digest_size=8).hexdigest()


def marks_of(data: Sequence[Mapping[str, str]] | str) -> tuple[Mark, ...]:
    """Read the marks of `content/reviews.yaml`."""
    return tuple(Mark(**row) for row in data if isinstance(row, Mapping))
