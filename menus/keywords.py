"""A text, as somebody typed it on twelve keys → where it leads. STOP comes before anything else (R18)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DIGITS = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])", re.ASCII)
SHORT = 4
"""Words of a text in which STOP may stand anywhere; in a longer one only at its beginning."""
LOOKALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
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
        return cls(frozenset(lookalike(plain(word)) for word in _words(stop)), ask, verbs, answers)

    def stops(self, text: str) -> bool:
        """Tell whether a text is STOP: one of its words, or its phrase, in any script that looks like it (R18)."""
        said = lookalike(plain(text))
        words = said.split(" ")
        spelled = "".join(words) if all(len(word) == 1 for word in words) else said
        short = words if len(words) <= SHORT else words[:1]
        return spelled in self.stop or said in self.stop or any(word in self.stop for word in short)

    def caller(self, text: str) -> Stop | Ask | None:
        """Read a caller's text; None for an answer, or words that we do not know."""
        if self.stops(text):
            return Stop()
        said = plain(text)
        language = self.ask.get(said) or self.ask.get(said.split(" ")[0])
        return Ask(language) if language else None

    def answer(self, text: str) -> str:
        """Read an answer to a question: the digit, or the word for it; `?` for anything else.

        What somebody wrote beside it is not given on, so that it is kept nowhere (R16).
        """
        said = plain(text)
        found = self.answers.get(said, said)
        return found if re.fullmatch("[0-9]{1,2}", found, re.ASCII) else "?"

    def order(self, text: str) -> Order | None:
        """Read the text of an NGO: a verb and a code in any order, case and punctuation, and nothing else.

        *No* may be followed by a reason. What could be meant in two ways is no order: nobody claims by accident.
        """
        codes = DIGITS.findall(text)
        words = [word for word in plain(re.sub("[0-9]+", " ", text)).split(" ") if word]
        verbs = {self.verbs[word] for word in words if word in self.verbs}
        strange = [word for word in words if word not in self.verbs]
        if len(verbs) != 1 or len(codes) > 1 or (strange and verbs != {"no"}):
            return None
        return Order(verbs.pop(), codes[0] if codes else "")


def plain(text: str) -> str:
    """Fold a typed text for comparing: small letters, no punctuation, one space, ё as е."""
    small = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    return " ".join(re.sub(r"[^\w']+", " ", small).split())


def lookalike(text: str) -> str:
    """Write Latin letters as the Cyrillic ones that look the same, so that СТОП and CTOП are one word."""
    return text.translate(LOOKALIKE)


def _table(node: object) -> Mapping[str, object]:
    if not isinstance(node, Mapping):
        raise TypeError("keywords.yaml: a table of words is expected")
    return node


def _words(node: object) -> Iterable[str]:
    if not isinstance(node, list):
        raise TypeError("keywords.yaml: a list of words is expected")
    return node
