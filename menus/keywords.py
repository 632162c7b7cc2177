"""A text, as somebody typed it on twelve keys → where it leads. STOP comes before anything else (R18)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DIGITS = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])", re.ASCII)
_LETTERS = str.maketrans({"ё": "е", "’": "'", "ʻ": "'", "ʼ": "'"})


@dataclass(frozen=True, slots=True)
class Stop:
    """Everything outbound ends, without a reply."""


@dataclass(frozen=True, slots=True)
class Ask:
    """She wants to be called; `language` is that of her word."""

    language: str


@dataclass(frozen=True, slots=True)
class Order:
    """What an NGO orders: `verb` is yes, no or number; `code` the five digits, empty where there were none."""

    verb: str
    code: str


@dataclass(frozen=True, slots=True)
class Keywords:
    """The words of `content/keywords.yaml`, normalised."""

    stop: frozenset[str]
    ask: Mapping[str, str]
    verbs: Mapping[str, str]
    answers: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, object]) -> "Keywords":
        """Make them from the file's content."""
        stop, call, help_, ngo = data["stop"], data["call"], data["help"], data["ngo"]
        ask = {
            plain(word): language
            for words in (call, help_)
            for language, listed in _table(words).items()
            for word in _words(listed)
        }
        verbs = {
            plain(w): verb for verb, langs in _table(ngo).items() for ws in _table(langs).values() for w in _words(ws)
        }
        answers = {word: "1" for word, verb in verbs.items() if verb == "yes"}
        answers |= {word: "0" for word, verb in verbs.items() if verb == "no"}
        return cls(frozenset(plain(word) for word in _words(stop)), ask, verbs, answers)

    def caller(self, text: str) -> Stop | Ask | None:
        """Read a caller's text; None for an answer, or words that we do not know."""
        said = plain(text)
        if said in self.stop or said.split(" ")[0] in self.stop:
            return Stop()
        language = self.ask.get(said) or self.ask.get(said.split(" ")[0])
        return Ask(language) if language else None

    def answer(self, text: str) -> str:
        """Read an answer to a question: the digit, or the word for it."""
        said = plain(text)
        return self.answers.get(said, said)

    def order(self, text: str) -> Order | None:
        """Read the text of an NGO: verb and code in any order, case and punctuation."""
        codes = DIGITS.findall(text)
        words = plain(re.sub("[0-9]+", " ", text)).split(" ")
        verb = next((self.verbs[word] for word in words if word in self.verbs), None)
        return Order(verb, codes[0] if len(codes) == 1 else "") if verb else None


def plain(text: str) -> str:
    """Fold a typed text for comparing: small letters, no punctuation, one space, ё as е."""
    small = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    return " ".join(re.sub(r"[^\w']+", " ", small).split())


def _table(node: object) -> Mapping[str, object]:
    if not isinstance(node, Mapping):
        raise TypeError("keywords.yaml: a table of words is expected")
    return node


def _words(node: object) -> Iterable[str]:
    if not isinstance(node, list):
        raise TypeError("keywords.yaml: a list of words is expected")
    return node
