"""Understand what a caller texts: STOP, a cry, a request, or a text that may be STOP or a cry (R18).

Cries are never taken for STOP. A stop word with an object other than calls, texts and us ("stop him") is a cry; with a
subject after it ("stop he is here") it may be either. A text that begins with a word of help is not STOP. "Not
dangerous" is an ordinary request.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from menus.lexicon import Lexicon, Match, Role, Word
from menus.together import together

FEW = 4
"""In a text of up to so many words a stop word counts wherever it is."""
SENTENCE = 15
"""In a text of up to so many words "do not call" counts wherever it is; in a longer one, at its beginning or end."""

REFUSALS = (Role.ALONE, Role.DISMISSED, Role.WITHDRAWN, Role.MISTAKEN)
"""Their words count only as the whole text, beside words of danger at most. More is said by `_withdrawn`."""
BESIDE_STOP = (Role.HALT, Role.HERE, Role.US, Role.QUIET, Role.NO, *REFUSALS, Role.CRY, Role.RISK)
"""Words that leave the meaning of a stop word as it is."""


class Meaning(StrEnum):
    """What a text means."""

    STOP = "stop"
    DANGER = "danger"
    REQUEST = "request"
    BOTH = "both"
    """It may be STOP, and it may be a cry: nothing goes out, and a coordinator is alerted."""
    OVER = "over"
    """The trouble is over, as the caller says: they are asked whether the calls should stop. Nothing is stopped yet."""
    OTHER = "other"
    """An answer to a question, or unknown words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with all known phrases in it."""

    words: Sequence[Word]
    matches: Sequence[Match]
    roles: Sequence[set[Role]]
    """For each word, the roles of the phrases that cover it."""

    @classmethod
    def of_words(cls, lexicon: Lexicon, words: Sequence[Word]) -> "Sentence":
        """Find all phrases in the words of a text."""
        matches = sorted([*lexicon.matches(words), *together(words)], key=lambda match: match.start)
        roles = [set[Role]() for _ in words]
        for match in matches:
            for at in range(match.start, match.end):
                roles[at].add(match.role)
        return cls(words, matches, roles)

    def of(self, *roles: Role) -> list[Match]:
        """Return the matches of some roles."""
        return [match for match in self.matches if match.role in roles]

    def stops(self) -> list[Match]:
        """Return the stop words that are not part of something else ("bus stop", "he does not stop")."""
        found = [match for match in self.of(Role.HALT, Role.ALONE, Role.DISMISSED) if not match.phrase.of_ideas]
        return [match for match in found if not self.has(match.start, Role.NEUTRAL, Role.CRY)]

    def has(self, at: int, *roles: Role) -> bool:
        """Whether a phrase of these roles covers a word."""
        return not self.roles[at].isdisjoint(roles)

    def after(self, at: int) -> int | None:
        """Return the first word from `at` on that is no filler."""
        return next((to for to in range(at, len(self.words)) if not self.words[to].filler), None)

    def before(self, at: int) -> int | None:
        """Return the last word before `at` that is no filler."""
        return next((to for to in range(at - 1, -1, -1) if not self.words[to].filler), None)

    def beside(self, match: Match) -> list[int]:
        """Return the words before and after a phrase that are no fillers."""
        return [at for at in (self.before(match.start), self.after(match.end)) if at is not None]

    def objects(self, of: Match) -> list[int]:
        """Return the words that may be the object of a phrase.

        A word that changes nothing in another language (*man* is *I* in Tajik) is one only in the phrase's language. A
        part of the phrase itself is none (коюңуз is spelled like күйөө).
        """
        found = [match for match in self.of(Role.OBJECT) if not self.has(match.start, of.role)]
        mine = of.phrase.language
        return [each.start for each in found if not self.words[each.start].filler or each.phrase.language == mine]

    def same_clause(self, match: Match, at: int) -> bool:
        """Whether a word is in the same part of the text as the beginning of a phrase."""
        return self.words[at].clause == self.words[match.start].clause

    def rest(self, *roles: Role) -> list[int]:
        """Return the words that are no fillers and belong to no phrase of these roles."""
        return [at for at, word in enumerate(self.words) if not word.filler and not self.has(at, *roles)]


def understand(lexicon: Lexicon, text: str) -> tuple[Meaning, str]:
    """Return what a text means, and the language of the words that say so ("" for STOP and unknown words)."""
    words = lexicon.words(text)
    meaning, language = _understand(Sentence.of_words(lexicon, words))
    whole = lexicon.whole(text) if meaning is Meaning.OTHER and len(words) > 1 else []
    joined = _understand(Sentence.of_words(lexicon, whole)) if whole else (meaning, language)
    has_no = any(match.phrase.role is Role.NOT_AFTER for match in lexicon.matches(words))
    return (meaning, language) if joined[0] is Meaning.REQUEST and has_no else joined  # *телефон нест*: no phone


def _understand(said: Sentence) -> tuple[Meaning, str]:
    quiet, asked = _quiet(said), _asked(said)
    dangers = words_of_danger(said)
    begins = _begins_with_help(said, quiet)
    halted, cried = (False, False) if begins else _halted(said, quiet)
    mistaken = bool(dangers or asked) and _begins_with_mistake(said)
    refused = [*quiet, *said.of(*REFUSALS)]
    others = [match for match in asked if not any(each.overlaps(match) for each in refused)]
    withdrawn, doubtful = (False, False) if begins or others else _withdrawn(said)
    cried = cried or doubtful
    stopped = halted or bool(quiet) or mistaken or withdrawn or (not begins and _is_alone(said, dangers, others))
    why = [match for match in _meant(said, Role.WHY) if not any(each.overlaps(match) for each in quiet)]
    if why and (stopped or said.of(Role.US)):
        stopped, asked = False, asked or why
    if stopped and (dangers or cried or others or _about_others(said, quiet)):
        return Meaning.BOTH, ""
    if stopped:
        return Meaning.STOP, ""
    if dangers or cried:
        return Meaning.DANGER, _language(dangers or said.of(Role.HALT))
    if not asked and (over := _over(said)):
        return Meaning.OVER, _language(over)
    asked = asked or _greetings_and_topics(said) or said.of(Role.RISK, Role.CRY)
    return (Meaning.REQUEST, _language(asked)) if asked else (Meaning.OTHER, "")


def _quiet(said: Sentence) -> list[Match]:
    """Return the phrases that mean *no calls, no texts*: listed ones, and stop words beside words of `calls`."""
    made = list(_with_us(said))
    listed = (each for each in said.of(Role.QUIET) if each.phrase.of_ideas or not _is_forbidden(said, each))
    found = [*listed, *made]
    if len(said.words) <= SENTENCE:
        return found
    first, last = said.after(0), said.before(len(said.words))
    return [match for match in found if match.start == first or match.end - 1 == last]


def _with_us(said: Sentence) -> Iterator[Match]:
    for match in said.stops():
        if _is_forbidden(said, match) or (match.role is not Role.HALT and _is_negated(said, match)):
            continue
        wanted = (Role.US, Role.AID) if match.role is Role.ALONE else (Role.US,)
        start, end = match.start, match.end
        while (at := said.before(start)) is not None and _is_ours(said, match, at, wanted):
            start = at
        while (at := said.after(end)) is not None and _is_ours(said, match, at, wanted):
            end = at + 1
        if (start, end) != (match.start, match.end):
            yield Match(match.phrase, start, end, match.same_script)


def _is_ours(said: Sentence, match: Match, at: int, wanted: Sequence[Role]) -> bool:
    asked = [each for each in said.of(Role.HELP) if len(each.phrase.words) > 1 and not each.overlaps(match)]
    is_wanted = said.has(at, *wanted) and not any(each.covers(at) for each in asked)
    return is_wanted and at not in said.objects(match) and said.same_clause(match, at)


def _halted(said: Sentence, quiet: Sequence[Match]) -> tuple[bool, bool]:
    """Return whether bare stop words mean STOP, and whether they are a cry because of their object. Both may be."""
    halts = [match for match in said.stops() if match.role is Role.HALT]
    objects = [(halt, at) for halt in halts for at in said.objects(halt) if not said.has(at, Role.CRY)]
    if objects:
        to_stop = [(halt, at) for halt, at in objects if not _says_who_is_near(said, halt, at)]
        together = any(said.same_clause(halt, at) for halt, at in to_stop)
        return not together or bool(quiet), True
    halts = [match for match in halts if not _is_denied(said, match) or _follows_no(said, match)]
    rest = said.rest(*BESIDE_STOP)
    if not halts or quiet:
        return False, False
    if not rest or any(all(not said.same_clause(halt, at) for at in rest) for halt in halts):
        return True, False
    begins = any(halt.start == said.after(0) for halt in halts)
    return (True, True) if begins or len(said.words) <= FEW else (False, False)


def _withdrawn(said: Sentence) -> tuple[bool, bool]:
    """Return whether "I changed my mind" means STOP, and whether it may be about something else. Both may be.

    It means STOP in a part of the text of its own. At the begin or end of a longer part it may be about something else
    ("I changed my mind about the work"). "He changed his mind" and "I did not change my mind" are no refusals.
    """
    found = [match for match in _meant(said, Role.WITHDRAWN) if _is_of_caller(said, match)]
    rest = said.rest(*BESIDE_STOP)
    if any(all(not said.same_clause(match, at) for at in rest) for match in found):
        return True, False
    first, last = said.after(0), said.before(len(said.words))
    at_edge = any(match.start == first or match.end - 1 == last for match in found)
    return (True, True) if at_edge and len(said.words) <= SENTENCE else (False, False)


def _is_of_caller(said: Sentence, match: Match) -> bool:
    """Whether a phrase is about the caller: neither another person nor a *not* is before it."""
    before = said.before(match.start)
    of_another = before is not None and said.has(before, Role.OBJECT, Role.SUBJECT) and said.same_clause(match, before)
    return not of_another and not _is_negated(said, match)


def _follows_no(said: Sentence, match: Match) -> bool:
    """Whether a *no* is before a phrase. It denies danger ("no danger"), and no stop ("no stop")."""
    before = said.before(match.start)
    return before is not None and said.has(before, Role.NO)


def _is_forbidden(said: Sentence, match: Match) -> bool:
    """Whether a *not* is right before what would be STOP ("do not cancel my call"). A *not* said twice is none."""
    at = match.start - 1
    if at < 0 or not said.has(at, Role.NOT_BEFORE) or said.has(at, Role.NO) or not said.same_clause(match, at):
        return False
    return not said.has(match.start, Role.NOT_BEFORE)


def _is_negated(said: Sentence, match: Match) -> bool:
    """Whether a *not* is before a refusal ("don't go away"). A *no* is not ("нет не надо")."""
    before = said.before(match.start)
    if before is None or not said.same_clause(match, before) or _follows_no(said, match):
        return False
    return said.has(before, Role.NOT_BEFORE)


def _says_who_is_near(said: Sentence, halt: Match, at: int) -> bool:
    """Whether a person may be near, and not to be stopped ("stop he is here", "муж хватит"). Nothing else is a cry.

    Before a stop word only a word of its own language counts: *оны* is *him* in Kazakh, and not *они*. STOP is a word
    of every language. Whoever is named after "stop here" is near.
    """
    named = [each for each in said.of(Role.SUBJECT) if each.covers(at)]
    tongues = {each.phrase.language.partition("_")[0] for each in said.of(Role.HALT) if each.start == halt.start}
    is_near = at >= halt.end or "en" in tongues or any(each.phrase.language in tongues for each in named)
    here = any(said.has(beside, Role.HERE) and beside != at for beside in said.beside(halt))
    return ((bool(named) and is_near) or here) and not words_of_danger(said)


def _is_alone(said: Sentence, dangers: Sequence[Match], asked: Sequence[Match]) -> bool:
    """Whether words of refusal are all that a text says, beside words of danger, calls and texts."""
    covered = {at for match in dangers for at in range(match.start, match.end)}
    if _rescues(said):  # "I do not want this any more, get me out" refuses no call
        return False
    refusals = [match for match in _meant(said, *REFUSALS) if not said.has(match.start, Role.CRY)]
    said_too = (Role.HALT, Role.NO) if asked else (Role.HALT, Role.NO, Role.US)
    return bool(refusals) and not set(said.rest(*REFUSALS, *said_too)) - covered


def _begins_with_mistake(said: Sentence) -> bool:
    """Whether a text begins with *wrong number*: beside a cry or words for a call it may mean STOP, too."""
    return any(match.start == said.after(0) for match in said.of(Role.MISTAKEN))


def words_of_danger(said: Sentence) -> list[Match]:
    """Return the words of danger that no *not* denies, and that are no part of harmless ones ("forced to pay")."""
    risks = (match for match in said.of(Role.RISK) if not _is_denied(said, match))
    return [*_meant(said, Role.CRY), *_rescues(said), *risks]


def _rescues(said: Sentence) -> list[Match]:
    """Return the words that ask to be taken away from a place, unless it is a list ("get me out of your list")."""
    found = said.of(Role.RESCUE)
    listed = [quiet for quiet in said.of(Role.QUIET) if any(quiet.overlaps(match) for match in found)]
    return [] if listed else found


def _meant(said: Sentence, *roles: Role) -> list[Match]:
    """Return the matches of some roles that are no part of a phrase that means something else."""
    harmless = said.of(Role.NEUTRAL)
    return [match for match in said.of(*roles) if not any(each.contains(match) for each in harmless)]


def _is_denied(said: Sentence, match: Match) -> bool:
    """Whether a *not* is before or after a phrase, in the same clause."""
    before, after = said.before(match.start), said.after(match.end)
    denied = before is not None and said.has(before, Role.NOT_BEFORE) and said.same_clause(match, before)
    return denied or (after is not None and said.has(after, Role.NOT_AFTER) and said.same_clause(match, after))


def _begins_with_help(said: Sentence, quiet: Sequence[Match]) -> bool:
    first = said.after(0)
    helps = [match for match in said.of(Role.HELP) if match.start == first]
    stops = [*quiet, *(match for match in said.of(Role.HALT, *REFUSALS) if match.end >= helps[0].end)] if helps else []
    return bool(helps) and not any(match.covers(helps[0].start) for match in stops)


def _asked(said: Sentence) -> list[Match]:
    """Return the words for help and a call, wherever they stand."""
    return [match for match in _meant(said, Role.HELP, Role.CALL) if not said.words[match.start].filler]


def _greetings_and_topics(said: Sentence) -> list[Match]:
    """Return what counts only at the begin of a text: a greeting, or one word for what a request is about.

    A phrase of several words for that ("they do not pay") counts wherever it stands.
    """
    people = said.rest(Role.OBJECT)
    starts = {0, said.after(0), *people[:1]}
    topics = [match for match in _meant(said, Role.TOPIC) if len(match.phrase.words) > 1]
    return [match for match in _meant(said, Role.HELP, Role.CALL, Role.TOPIC) if match.start in starts] + topics


def _over(said: Sentence) -> list[Match]:
    """Return the phrases like "I am home already", if nothing else is said beside them."""
    found = [match for match in _meant(said, Role.OVER) if not _is_denied(said, match)]
    return found if not said.rest(Role.OVER, Role.US, Role.NO, Role.HERE, *REFUSALS) else []


def _about_others(said: Sentence, quiet: Sequence[Match]) -> bool:
    """Whether *do not call* is about somebody else: their word is beside it."""
    return any(said.same_clause(match, at) for match in quiet for at in said.objects(match) if at in said.beside(match))


def _language(matches: Iterable[Match]) -> str:
    """Return the language of the longest phrase, if possible one in the script of the text, that is offered."""
    best = sorted(matches, key=_preferred)
    return best[0].phrase.language if best else ""


def _preferred(match: Match) -> tuple[int, bool, bool, int, int]:
    phrase = match.phrase
    return (-len(phrase.words), not match.same_script, phrase.is_stem, phrase.rank, match.start)
