"""Find ideas that mean something only together, in any order: a door and *locked*, *without* and *calls*.

The words of each idea are listed under `ideas` in `content/keywords.yaml`, by language. Which ideas mean something
together is listed here, once for all languages: an idea that a language does not list is in none of its texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from menus.lexicon import Match, Phrase, Role, Word

NEAR = 6
"""The words of a cry are at most so many words apart. What is between them does not matter."""
LONGEST_REFUSAL = 30
"""In a text of more words no refusal of this kind is looked for. It is a story, and counts only as a cry."""
GLUE = "glue"
"""The idea of words that may be between those of a refusal, beside fillers."""
NOT, NOT_AFTER = "no_not", "not_after"
"""The ideas of a *not* before or after others: "the door is not locked". It denies ideas that are none themselves."""
_RESCUES = (
    "fetch away_from_here; get_out me_us away_from_here; fetch me_us dwelling; not_let escape; no_not allow escape"
)
_CRIES = """
    blade body; body harm; hand raise; organ take; give_away to_man; sexual client; force sexual; room lock; dogs guard;
    guard escape; no_not doctor bring; doctor not_bring; no_not food bring; food not_given; no_not want live;
    live unwilling; refuse release; come hurry; begging make; border force; me_us trade; blade chase; debt leaving;
    no_not leaving debt; abroad force;
    room guard; pregnant blood; force marriage; room no_not food; taken_away handset off demand;
    taken_one handset off demand; taken_one held demand;
    will_sell taken_one; border carried me_us; papers taken put_to_work
"""
_WITHDRAWN = "without call; against call"
_QUIET = """
    no_not need call; need_not call; no_not want call; rather no_not call; forbid call; list take_off; take_off name;
    no_not want talk with_you; no_not contact_us; no_not agree call; disagree call; agree call not_after
"""
_ALONE = """
    self manage; mistake sent; mistake sent sent; child sent no_not me_us; child play phone;
    child play sent; child play sent sent; ignore what; ignore what what; no_not heed; no_not heed heed; solved whole;
    no_not asking thing; no_not asking call; not_asked; not_asked thing; already helped; already helped already;
    not_talk with_you
"""
_TOPICS = """
    wage no_not bring; wage not_given; papers taken; home going how_to; relative lost; cheat jobs; safe_place children;
    safe_place how_to; stay children; papers missing; talk_to person; find relative; wageless jobs;
    wage missing jobs; relative silent; relative no_not answer; relative answer none; relative news none;
    relative handset off; hurts body_part; owe wage; ran wage; cheat wage;
    asked_when you_call; pregnant how_to; relative jail;
    papers how_to; papers explain; wage half; taken_one taken_away; relative no_not found_again;
    papers boss; owe ticket; claimed ticket jobs; with_child overnight nowhere; with_child overnight missing;
    with_child overnight outside; pupil marriage; since news none; since no_not answer; complain wage
"""
_OVER = "relative found_again"


def _frames(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(frame.split()) for frame in text.split(";"))


FRAMES: Mapping[Role, Sequence[tuple[str, ...]]] = {
    Role.RESCUE: _frames(_RESCUES),
    Role.CRY: _frames(_CRIES),
    Role.QUIET: _frames(_QUIET),
    Role.WITHDRAWN: _frames(_WITHDRAWN),
    Role.ALONE: _frames(_ALONE),
    Role.TOPIC: _frames(_TOPICS),
    Role.OVER: _frames(_OVER),
}
"""What ideas mean together. A cry and a topic count wherever their words are near each other."""
IDEAS = frozenset({GLUE, NOT, NOT_AFTER}.union(*(frame for frames in FRAMES.values() for frame in frames)))
REFUSALS = (Role.QUIET, Role.WITHDRAWN, Role.ALONE)
"""In these, only fillers and `GLUE` may be between the words, in one part of the text. So no request is overlooked."""


@dataclass(frozen=True, slots=True)
class _Ideas:
    """Where the words of each idea are in a text, in one language."""

    language: str
    at: Mapping[str, Sequence[int]]


def together(words: Sequence[Word]) -> Iterator[Match]:
    """Yield a match for each word of the ideas that mean something together."""
    for ideas in _by_language(words):
        for role, frames in FRAMES.items():
            for frame in frames:
                found = _nearest(words, ideas, role, frame)
                phrase = Phrase(frame, role, ideas.language, words[found[0]].cyrillic, "", 0, True) if found else None
                yield from (Match(phrase, at, at + 1, True) for at in found if phrase)


def _by_language(words: Sequence[Word]) -> Iterator[_Ideas]:
    at = dict[str, dict[str, list[int]]]()
    for place, word in enumerate(words):
        for idea, language in sorted(word.ideas):
            at.setdefault(language, {}).setdefault(idea, []).append(place)
    yield from (_Ideas(language, found) for language, found in at.items() if len(found) > 1)


def _nearest(words: Sequence[Word], ideas: _Ideas, role: Role, frame: Sequence[str]) -> Sequence[int]:
    """Return the words of a frame. Nothing if one is missing, denied, or they are too far apart.

    The time grows only with the length of a text: at each word, the few words after it are tried once.
    """
    if any(idea not in ideas.at for idea in frame) or (role in REFUSALS and len(words) > LONGEST_REFUSAL):
        return ()
    starts = sorted({at for idea in frame for at in ideas.at[idea]})
    near = (sorted(found) for start in starts if (found := _from(ideas, frame, start)))
    near = (found for found in near if role is Role.TOPIC or not _is_denied(ideas, found))
    if role not in REFUSALS:
        return next(near, ())
    joined = next((found for found in near if _is_joined(words, ideas, found)), None)
    return _with_glue(ideas, joined) if joined else ()


def _from(ideas: _Ideas, frame: Sequence[str], start: int) -> set[int]:
    """Return a word for each idea of a frame, from `start` on, within `NEAR`. The rarest idea chooses first."""
    places = [[at for at in ideas.at[idea] if start <= at <= start + NEAR] for idea in frame]
    found = set[int]()
    for of_idea in sorted(places, key=len):
        at = next((at for at in of_idea if at not in found), None)
        if at is None:
            return set()
        found.add(at)
    return found


def _with_glue(ideas: _Ideas, found: Sequence[int]) -> Sequence[int]:
    """Return all words of a refusal, and those of `GLUE` right before and after it."""
    glue = ideas.at.get(GLUE, ())
    start, end = found[0], found[-1] + 1
    while start - 1 in glue:
        start -= 1
    while end in glue:
        end += 1
    return range(start, end)


def _is_denied(ideas: _Ideas, found: Sequence[int]) -> bool:
    """Whether a *not* is right before or after some words, and is none of them."""
    return found[0] - 1 in ideas.at.get(NOT, ()) or found[-1] + 1 in ideas.at.get(NOT_AFTER, ())


def _is_joined(words: Sequence[Word], ideas: _Ideas, found: Sequence[int]) -> bool:
    """Whether nothing is between some words that could change their meaning."""
    glue = {*found, *ideas.at.get(GLUE, ())}
    between = range(found[0], found[-1] + 1)
    return all(words[at].clause == words[found[0]].clause and (at in glue or words[at].filler) for at in between)
