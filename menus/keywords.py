"""Interpret an inbound SMS, typed on twelve keys: what a caller asks for, or what a service orders."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from menus.close_cries import is_about_somebody_close, is_plainly_of_sender
from menus.faults import Fault, Mark
from menus.folding import normalise
from menus.lexicon import LONGEST_TEXT, Lexicon, Role
from menus.orders import AT_ONCE, Order, codes, order
from menus.romanise import is_cyrillic, romanise
from menus.sentences import Meaning, understand
from menus.tongues import Tongue

ASKING = ("call", "help", "work", "rights", "papers")
"""The sections of `keywords.yaml` by which a caller asks for a call."""
DANGER = ("danger", "risk")
"""The sections with words of danger."""
FLOWS = ("family", "language", "topics", "time")
"""The sections with words that begin another dialogue by SMS. A word counts only as the whole text."""
KEYPAD: Mapping[str, str] = {
    "2255": "call", "4357": "help", "7867": "stop",  # CALL, HELP, STOP
    "553255463": "call", "55552463": "help", "6655": "stop",  # ПОЗВОНИТЕ, ПОМОГИТЕ, СТОП
    "4558626": "call", "654626": "stop",  # ҚОҢЫРАУ, ТОҚТАТ
    "7248583": "call", "326325": "help", "654656": "stop",  # ЧАЛЫҢЫЗ, ЖАРДАМ, ТОКТОТ
    "3252": "call", "226465": "stop",  # ЗАНГ, БАС КУН
    "46524654": "call", "667626": "stop",  # ҚЎНҒИРОҚ, ТЎХТАТ
    "76644767": "call", "967326": "help", "869828": "stop",  # QO'NG'IROQ, YORDAM, TO'XTAT
    "5263346": "call", "864828": "stop",  # JAŇ EDIŇ, TOGTAT
}  # fmt: skip
"""Words for a call, for help and STOP as digits, typed on the keys that bear their letters. They are in no language.

A word of five letters has none: five digits are an order of a service. Nor has one of three, which may be an hour.
"""
FAMILY = "family"
"""The flow of a request about somebody close: the word FAMILY, or a cry that is plainly about such a person."""
OVER = "over"
"""The section of what callers say whose trouble is over. It begins the dialogue that asks whether to stop the calls."""
LATER, TOMORROW, TODAY = "later", "tomorrow", "today"
"""The hours after which another one may be asked for."""
TONIGHT, NOT_TODAY = "tonight", "not_today"
"""One that is two words in most languages, and one that gives way to the day beside it."""
EVENING = "evening"
NO_OTHER_TIME = frozenset({"at_once", "any_time"})
"""The hours that ask for no other time than a call that was asked for before."""
YES = "1"
"""The digit that a word for yes stands for."""
UNKNOWN = "?"
"""What stands for an answer that is no digit and no known word."""
LONGEST_ASKING = 80
"""Letters of a text that asks for a call and may say when."""
LONGEST_FLOW = 40
"""Letters of a text that are compared with the words of `FLOWS`. None of them is as long."""
_TOPICS = ("work", "rights", "papers")
_ROLES = {
    "call": Role.CALL,
    "help": Role.HELP,
    "danger": Role.CRY,
    "risk": Role.RISK,
    "over": Role.OVER,
    **dict.fromkeys(_TOPICS, Role.TOPIC),
}


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
    """The language of the keyword. Empty if it was digits."""
    danger: bool = False
    """Whether it was a word of danger."""
    flow: str = ""
    """The dialogue that the word begins, one of `FLOWS` or `OVER`. Empty: the caller's own call."""
    hours: tuple[str, ...] = ()
    """When they want to be called, if they say nothing else beside that."""
    own: bool = field(default=False, compare=False)
    """Whether the danger is plainly the caller's own: "they beat me"."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The text may be STOP, and it may be a cry: send nothing, call nobody, and alert a coordinator (R18)."""


@dataclass(frozen=True, slots=True)
class Keywords:
    """The words of `content/keywords.yaml`."""

    lexicon: Lexicon
    """The words of callers."""
    close: Lexicon
    """The words of a cry that is about somebody close."""
    verbs: Mapping[str, str]
    """Normalised word or phrase of services and coordinators → verb (a section of `ngo`)."""
    answers: Mapping[str, str]
    """Word for yes or no → the digit of that answer."""
    flows: Mapping[str, Ask]
    """Word that begins another dialogue, in its own script and as `_spelling` returns it → what it asks for."""
    answers_in: Mapping[str, Collection[str]]
    """Language → its words for yes and no."""
    hours: Mapping[str, str]
    """Word or phrase for an hour, as `_spelling` returns it → the hour (a section of `hours`)."""
    tongues: Mapping[str, Tongue]
    """Language → by what a text of few words in Cyrillic letters is recognised."""
    days: Mapping[str, str]
    """Normalised word or phrase of services for a day → the day (a section of `days`)."""

    @classmethod
    def of(cls, data: Mapping[str, object], languages: Sequence[str] = ()) -> "Keywords":
        """Make the keywords from the file's content. A word of several languages is given to one of `languages`."""
        verbs = {normalise(word): verb for verb, node in _table(data["ngo"]).items() for _, word in _rows(node)}
        answers = {word: {"yes": "1", "no": "0"}[verb] for word, verb in verbs.items() if verb in ("yes", "no")}
        answers_in = dict[str, set[str]]()
        for verb in ("yes", "no"):
            for language, word in _rows(_table(data["ngo"]).get(verb, {})):
                answers_in.setdefault(language, set()).add(normalise(word))
        ideas = [(idea, *row) for idea, node in _table(data.get("ideas", {})).items() for row in _rows(node)]
        endings = [ending for _, ending in _rows(data.get("endings", {}))]
        lexicon = Lexicon.of(_callers_words(data), languages, ideas, endings)
        close = [(Role(name), *row) for name, node in _table(data.get("close", {})).items() for row in _rows(node)]
        hours = {
            _spelling(word): hour for hour, node in _table(data.get("hours", {})).items() for _, word in _rows(node)
        }
        days = {normalise(word): day for day, node in _table(data.get("days", {})).items() for _, word in _rows(node)}
        listed = groupby(_rows(data.get("tongue", {})), lambda row: row[0])
        tongues = {language: Tongue.of(word for _, word in rows) for language, rows in listed}
        return cls(
            lexicon,
            Lexicon.of(close, languages),
            verbs,
            answers,
            _flows(data, languages),
            answers_in,
            hours,
            tongues,
            days,
        )

    def stops(self, text: str) -> bool:
        """Whether a text means STOP, or may mean it: then nothing goes out either (R18)."""
        return isinstance(self.caller(text), Stop | Unclear)

    def caller(self, text: str) -> Stop | Unclear | Ask | None:
        """Interpret a caller's text. None means an answer to a question, or unknown words."""
        if key := KEYPAD.get(normalise(text) if len(text) <= LONGEST_FLOW else ""):
            return Stop() if key == "stop" else Ask("")
        match understand(self.lexicon, text):
            case (Meaning.STOP, _):
                return Stop()
            case (Meaning.BOTH, _):
                return Unclear()
            case (Meaning.DANGER, language):
                about_close = is_about_somebody_close(self.lexicon, self.close, text)
                own = not about_close and is_plainly_of_sender(self.lexicon, self.close, text)
                return Ask(language, danger=True, flow=FAMILY if about_close else "", own=own)
            case (Meaning.OVER, language):
                return Ask(language, flow=OVER)
            case (meaning, language):
                asked = Ask(language, hours=self._hours_beside(text)) if meaning is Meaning.REQUEST else None
                return self.flows.get(_as_written(text), self.flows.get(_spelling(text), asked))

    def category(self, text: str) -> Category:
        """Return what a text is about. Its sender does not matter: the public process cannot tell who that is."""
        asked = self.caller(text)
        if isinstance(asked, Stop | Unclear):
            return Category.STOP
        text = text[:LONGEST_TEXT]
        ordered = self.order(text)
        if (ordered and ordered.verb in AT_ONCE) or (asked and asked.danger):
            return Category.DANGER
        return Category.ORDER if codes(text) or (ordered and not asked) else Category.OTHER

    def answer(self, text: str, *, to_list: bool = False) -> str:
        """Return the digit of an answer, typed as a digit or as a word; `?` for anything else.

        On a list, a word for yes chooses nothing. The rest of the text is dropped, so that it is stored nowhere (R16).
        """
        normalised = normalise(text)
        found = self.answers.get(normalised, normalised)
        if to_list and found == YES and normalised != YES:
            return UNKNOWN
        return found if re.fullmatch("[0-9]{1,2}", found, re.ASCII) else UNKNOWN

    def hours_said(self, text: str) -> tuple[str, ...]:
        """Return the hours that a text names, *later* and *tomorrow* first. Nothing if it says anything else.

        Only the longest phrase at each word counts: the Kyrgyz *эртең менен* (in the morning) begins with *tomorrow*.
        """
        return self._hours(text, LONGEST_FLOW)

    def _hours_beside(self, text: str) -> tuple[str, ...]:
        """Return the hours that a text names which asks for a call, if it says nothing else."""
        return self._hours(text, LONGEST_ASKING, Role.CALL, Role.HELP)

    def _hours(self, text: str, longest: int, *beside: Role) -> tuple[str, ...]:
        """Return the hours in a text of these and of words that change nothing, or of words with the roles `beside`."""
        typed, found, at = _spelling(text, longest).split(), set[str](), 0
        words = self.lexicon.words(text[:longest])
        passed = {at for at, word in enumerate(words) if word.filler}
        passed.update(at for each in self.lexicon.matches(words) if each.role in beside for at in each.places)
        while at < len(typed):
            ends = range(len(typed), at, -1)
            end = next((end for end in ends if " ".join(typed[at:end]) in self.hours), at)
            if end == at and not (len(words) == len(typed) and at in passed):
                return ()
            found.update([self.hours[" ".join(typed[at:end])]] if end > at else [])
            at = max(end, at + 1)
        found = found - {TONIGHT} | {TODAY, EVENING} if TONIGHT in found else found
        found = found - {NOT_TODAY} or {LATER} if NOT_TODAY in found else found
        return tuple(sorted(found, key=lambda hour: (hour != LATER, hour != TOMORROW, hour)))

    def language_of_answer(self, text: str, languages: Sequence[str]) -> str | None:
        """Return the first of `languages` in which a text is a word for yes or no. None if there is none."""
        said = normalise(text)
        return next((language for language in languages if said in self.answers_in.get(language, ())), None)

    def order(self, text: str) -> Order | None:
        """Interpret a text of a service or a coordinator. None means that it is not an order, or ambiguous."""
        return order(text, self.verbs, self.days)


def collisions(data: Mapping[str, object], languages: Iterable[str]) -> list[Fault]:
    """Return a fault for each word of `languages` that is understood as another section than its own.

    The words of STOP count in every language, so each word is compared with all of them.
    """
    keywords, wanted = Keywords.of(data), set(languages)
    callers = (*DANGER, *ASKING, OVER, *FLOWS)
    sections = [(name, data[name]) for name in callers if name in data] + [*_table(data["ngo"]).items()]
    found = [
        f"{word!r} ({language}) is listed under {section}, but understood as {heard}; remove one of them"
        for section, node in sections
        for language, word in _rows(node)
        if language in wanted and (heard := _heard(keywords, section, word.replace("*", ""))) != _kind(section)
    ]
    return [Mark("content/keywords.yaml", 1, 1).fault(what) for what in dict.fromkeys(found)]


def key_said(text: str, shown: str) -> str:
    """Return the key of the option that a text repeats from a page, with or without its digit. Nothing for others.

    *Ўзбекча* and *O'zbekcha* are spelled alike: of two such options the one in the script of the text is meant.
    """
    said, script = _spelling(text), is_cyrillic(text.casefold())
    labels = re.findall(r"(?:^|\s)([0-9]) (.+?)(?=\s[0-9] |\n|$)", shown)
    found = [row for row in labels if said and said in (_spelling(row[1]), _spelling(" ".join(row)))]
    return min(found, key=lambda row: is_cyrillic(row[1].casefold()) != script, default=("", ""))[0]


def _kind(section: str) -> str:
    return "ask" if section in ASKING else "danger" if section in DANGER else section


def _heard(keywords: Keywords, section: str, word: str) -> str:
    """Return how a word is understood.

    The words of `ngo`, except *yes* and *no*, come only from services, so they are not compared with callers' words.
    """
    if section in (*DANGER, *ASKING, OVER, *FLOWS, "yes", "no"):
        match keywords.caller(word):
            case Stop():
                return "stop"
            case Unclear():
                return "unclear"
            case Ask(danger=danger, flow=flow):
                return "danger" if danger else flow or "ask"
    return keywords.verbs.get(normalise(word), "nothing")


def _callers_words(data: Mapping[str, object]) -> Iterator[tuple[Role, str, str]]:
    """Yield (role, language, phrase) for all that callers write."""
    sections = [(_ROLES[name], data[name]) for name in _ROLES]
    grouped = [(Role(name), node) for group in ("stop", "grammar") for name, node in _table(data[group]).items()]
    for role, node in (*sections, *grouped):
        yield from ((role, language, phrase) for language, phrase in _rows(node))


def _flows(data: Mapping[str, object], languages: Sequence[str]) -> dict[str, Ask]:
    """Return what each word of `FLOWS` asks for. A word of several languages is given to the first of `languages`."""
    found = dict[str, Ask]()
    for flow in FLOWS:
        rows = list(_rows(data.get(flow, {})))
        for language, word in sorted(rows, key=lambda row: row[0] not in languages or languages.index(row[0])):
            for spelling in (_as_written(word), _spelling(word)):
                found.setdefault(spelling, Ask(language, flow=flow))
    return found


def _as_written(text: str, longest: int = LONGEST_FLOW) -> str:
    """Return a short text in its own script, and nothing for a long one: who writes Cyrillic is answered so."""
    return normalise(text if len(text) <= longest else "")


def _spelling(text: str, longest: int = LONGEST_FLOW) -> str:
    """Return a short text in one spelling for all scripts, and nothing for a long one."""
    return " ".join(romanise(word)[0] for word in _as_written(text, longest).split())


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
