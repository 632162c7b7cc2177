"""Interpret an inbound SMS, typed on twelve keys. STOP comes before everything else (R18), then danger."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from menus.faults import Fault, Mark
from menus.folding import lookalike, normalise
from menus.orders import AT_ONCE, Order, codes, order

SHORT = 4
"""In a text of up to so many words STOP counts anywhere. In a longer text it counts only at the beginning."""
LONGEST = 4
"""The most words that a phrase at the beginning of a text can have."""
ASKING = ("call", "help", "work", "rights", "papers")
"""The sections of `keywords.yaml` by which a caller asks for a call."""


class Category(StrEnum):
    """What an inbound text is about, as far as its words tell. It decides how soon a worker reads the text."""

    STOP = "stop"
    """A word of STOP. If a service sent it, it is no stop; who sent it is not known here."""
    DANGER = "danger"
    """A word of danger, or LOCK, by which a coordinator locks access to numbers at once."""
    ORDER = "order"
    """A code or a verb of services and coordinators, or a digit; not a word by which callers ask for a call."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop all texts and calls to the sender, without a reply."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The caller wants to be called."""

    language: str
    """The language of the keyword."""
    danger: bool = False
    """Whether it was a word of danger."""


@dataclass(frozen=True, slots=True)
class Keywords:
    """The normalised words of `content/keywords.yaml`. `stop`, `alone`, `danger` and `ask` are in lookalike letters."""

    stop: frozenset[str]
    alone: frozenset[str]
    """Words that mean STOP only if they are the whole text."""
    danger: Mapping[str, str]
    """Word → language."""
    ask: Mapping[str, str]
    """Word → language."""
    verbs: Mapping[str, str]
    """Word or phrase of services and coordinators → verb (a section of `ngo`)."""
    answers: Mapping[str, str]
    """Word for yes or no → the digit of that answer."""

    @classmethod
    def of(cls, data: Mapping[str, object], languages: Sequence[str] = ()) -> "Keywords":
        """Make the keywords from the file's content. A word of several languages is given to one of `languages`."""
        stop = _table(data["stop"])
        ask = [row for section in ASKING for row in _rows(data[section])]
        verbs = {normalise(word): verb for verb, node in _table(data["ngo"]).items() for _, word in _rows(node)}
        answers = {word: {"yes": "1", "no": "0"}[verb] for word, verb in verbs.items() if verb in ("yes", "no")}
        return cls(
            frozenset(_key(word) for _, word in _rows(stop["words"])),
            frozenset(_key(word) for _, word in _rows(stop["alone"])),
            _by_word(_rows(data["danger"]), languages), _by_word(ask, languages), verbs, answers,
        )  # fmt: skip

    def stops(self, text: str) -> bool:
        """Whether a text means STOP: one of its words or phrases, in any letters that look like it (R18)."""
        key = _key(text)
        words = key.split(" ")
        spelled = "".join(words) if all(len(word) == 1 for word in words) else key
        if key in self.alone or spelled in self.stop:
            return True
        return any(word in self.stop for word in words[:SHORT] if len(words) <= SHORT) or bool(_begin(words, self.stop))

    def caller(self, text: str) -> Stop | Ask | None:
        """Interpret a caller's text. None means an answer to a question, or unknown words."""
        if self.stops(text):
            return Stop()
        words = _key(text).split(" ")
        found = _begin(words, self.danger) or next((word for word in words if word in self.danger), "")
        if found:
            return Ask(self.danger[found], danger=True)
        found = _begin(words, self.ask)
        return Ask(self.ask[found]) if found else None

    def category(self, text: str) -> Category:
        """Return what a text is about. Its sender does not matter: the public process cannot tell who that is."""
        if self.stops(text):
            return Category.STOP
        ordered = self.order(text)
        asked = self.caller(text)
        if (ordered and ordered.verb in AT_ONCE) or (isinstance(asked, Ask) and asked.danger):
            return Category.DANGER
        return Category.ORDER if codes(text) or (ordered and not asked) else Category.OTHER

    def answer(self, text: str) -> str:
        """Return the digit of an answer, typed as a digit or as a word; `?` for anything else.

        The rest of the text is dropped, so that it is stored nowhere (R16).
        """
        normalised = normalise(text)
        found = self.answers.get(normalised, normalised)
        return found if re.fullmatch("[0-9]{1,2}", found, re.ASCII) else "?"

    def order(self, text: str) -> Order | None:
        """Interpret a text of a service or a coordinator. None means that it is not an order, or ambiguous."""
        return order(text, self.verbs)


def collisions(data: Mapping[str, object], languages: Iterable[str]) -> list[Fault]:
    """Return a fault for each word of `languages` that is understood as another section than its own.

    The words of STOP count in every language, so each word is compared with all of them.
    """
    keywords, wanted = Keywords.of(data), set(languages)
    sections = [(name, data[name]) for name in ("danger", *ASKING)] + [*_table(data["ngo"]).items()]
    found = [
        f"{word!r} ({language}) is listed under {section}, but understood as {heard}; remove one of them"
        for section, node in sections
        for language, word in _rows(node)
        if language in wanted and (heard := _heard(keywords, section, word)) != _kind(section)
    ]
    return [Mark("content/keywords.yaml", 1, 1).fault(what) for what in dict.fromkeys(found)]


def _kind(section: str) -> str:
    return "ask" if section in ASKING else section


def _heard(keywords: Keywords, section: str, word: str) -> str:
    """Return how a word is understood.

    The words of `ngo`, except *yes* and *no*, come only from services, so they are not compared with callers' words.
    """
    if section in ("danger", *ASKING, "yes", "no"):
        match keywords.caller(word):
            case Stop():
                return "stop"
            case Ask(danger=danger):
                return "danger" if danger else "ask"
    return keywords.verbs.get(normalise(word), "nothing")


def _key(text: str) -> str:
    return lookalike(normalise(text))


def _begin(words: Sequence[str], known: Container[str]) -> str:
    """Return the longest known word or phrase at the beginning of a text, or ""."""
    phrases = (" ".join(words[:count]) for count in range(min(len(words), LONGEST), 0, -1))
    return next((phrase for phrase in phrases if phrase in known), "")


def _by_word(rows: Iterable[tuple[str, str]], languages: Sequence[str]) -> dict[str, str]:
    """Return word → language. A word of several languages gets one of `languages` if possible."""
    found: dict[str, str] = {}
    for language, word in sorted(rows, key=lambda row: row[0] not in languages):
        found.setdefault(_key(word), language)
    return found


def _rows(node: object) -> Iterator[tuple[str, str]]:
    """Yield (language, word) from a table of lists."""
    for language, words in _table(node).items():
        if not isinstance(words, list):
            raise TypeError("keywords.yaml: a list of words is expected")
        yield from ((language, word) for word in words)


def _table(node: object) -> Mapping[str, object]:
    if not isinstance(node, Mapping):
        raise TypeError("keywords.yaml: a table of words is expected")
    return node
