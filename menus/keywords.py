"""A text, as somebody typed it on twelve keys → where it leads. STOP comes before anything else (R18), then danger."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from menus.faults import Fault, Mark
from menus.folding import lookalike, plain
from menus.orders import AT_ONCE, Order, codes, order

SHORT = 4
"""Words of a text in which STOP may stand anywhere; in a longer one only at its beginning."""
LONGEST = 4
"""Words of the longest phrase that is looked for at the beginning of a text."""
ASKING = ("call", "help", "work", "rights", "papers")
"""Sections of `keywords.yaml` that are all answered by: somebody may ring."""


class Category(StrEnum):
    """What an inbound text is about, as far as its words tell. It decides how soon a worker reads the text."""

    STOP = "stop"
    """A word of STOP. If a service sent it, it is no stop; who sent it is not known here."""
    DANGER = "danger"
    """A word of danger, or LOCK: somebody stands at the door of a service."""
    ORDER = "order"
    """A code or a verb of services and coordinators, or a digit; not a word by which callers ask for a call."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stop:
    """Everything outbound ends, without a reply."""


@dataclass(frozen=True, slots=True)
class Ask:
    """She wants to be called; `language` is that of her word. `danger`: it was a word of danger."""

    language: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Keywords:
    """The words of `content/keywords.yaml`, normalised.

    `stop`, `danger` and `ask` are written in lookalike letters; `alone` are stops as a whole text only.
    """

    stop: frozenset[str]
    alone: frozenset[str]
    danger: Mapping[str, str]
    ask: Mapping[str, str]
    verbs: Mapping[str, str]
    answers: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, object], languages: Sequence[str] = ()) -> "Keywords":
        """Make them from the file's content. A word of several languages counts as one of `languages`, if it can."""
        stop = _table(data["stop"])
        ask = [row for section in ASKING for row in _rows(data[section])]
        verbs = {plain(word): verb for verb, node in _table(data["ngo"]).items() for _, word in _rows(node)}
        answers = {word: {"yes": "1", "no": "0"}[verb] for word, verb in verbs.items() if verb in ("yes", "no")}
        return cls(
            frozenset(_key(word) for _, word in _rows(stop["words"])),
            frozenset(_key(word) for _, word in _rows(stop["alone"])),
            _by_word(_rows(data["danger"]), languages), _by_word(ask, languages), verbs, answers,
        )  # fmt: skip

    def stops(self, text: str) -> bool:
        """Tell whether a text is STOP: a word or a phrase of it, in any script that looks like it (R18)."""
        said = _key(text)
        words = said.split(" ")
        spelled = "".join(words) if all(len(word) == 1 for word in words) else said
        if said in self.alone or spelled in self.stop:
            return True
        return any(word in self.stop for word in words[:SHORT] if len(words) <= SHORT) or bool(_begin(words, self.stop))

    def caller(self, text: str) -> Stop | Ask | None:
        """Read a caller's text; None for an answer, or words that we do not know."""
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
        """Read an answer to a question: the digit, or the word for it; `?` for anything else.

        What somebody wrote beside it is not given on, so that it is kept nowhere (R16).
        """
        said = plain(text)
        found = self.answers.get(said, said)
        return found if re.fullmatch("[0-9]{1,2}", found, re.ASCII) else "?"

    def order(self, text: str) -> Order | None:
        """Read the text of a service or a coordinator; None for what is no order, or could be two."""
        return order(text, self.verbs)


def collisions(data: Mapping[str, object], languages: Iterable[str]) -> list[Fault]:
    """Name each word of `languages` (as the file has them) that is heard as something else than it is listed for.

    STOP has words in every language, so it is compared whole.
    """
    keywords, wanted = Keywords.of(data), set(languages)
    meant = [(name, data[name]) for name in ("danger", *ASKING)] + [*_table(data["ngo"]).items()]
    found = [
        f"{word!r} ({language}) is listed under {section} and heard as {heard}; take one of them out"
        for section, node in meant
        for language, word in _rows(node)
        if language in wanted and (heard := _heard(keywords, section, word)) != _kind(section)
    ]
    return [Mark("content/keywords.yaml", 1, 1).fault(what) for what in dict.fromkeys(found)]


def _kind(section: str) -> str:
    return "ask" if section in ASKING else section


def _heard(keywords: Keywords, section: str, word: str) -> str:
    """Say what a word is taken for. All but *yes* and *no* come from services only, whose texts are not callers'."""
    if section in ("danger", *ASKING, "yes", "no"):
        match keywords.caller(word):
            case Stop():
                return "stop"
            case Ask(danger=danger):
                return "danger" if danger else "ask"
    return keywords.verbs.get(plain(word), "nothing")


def _key(text: str) -> str:
    return lookalike(plain(text))


def _begin(words: Sequence[str], known: Container[str]) -> str:
    """Give the longest word or phrase that a text begins with; empty where it is not known."""
    phrases = (" ".join(words[:count]) for count in range(min(len(words), LONGEST), 0, -1))
    return next((phrase for phrase in phrases if phrase in known), "")


def _by_word(rows: Iterable[tuple[str, str]], languages: Sequence[str]) -> dict[str, str]:
    """Give the language of each word, the first of `languages` if it is in several."""
    found: dict[str, str] = {}
    for language, word in sorted(rows, key=lambda row: row[0] not in languages):
        found.setdefault(_key(word), language)
    return found


def _rows(node: object) -> Iterator[tuple[str, str]]:
    """Give (language, word) of a table of lists."""
    for language, words in _table(node).items():
        if not isinstance(words, list):
            raise TypeError("keywords.yaml: a list of words is expected")
        yield from ((language, word) for word in words)


def _table(node: object) -> Mapping[str, object]:
    if not isinstance(node, Mapping):
        raise TypeError("keywords.yaml: a table of words is expected")
    return node
