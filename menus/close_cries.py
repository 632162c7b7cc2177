"""Whether a cry is plainly about somebody close: "my daughter is locked up", and not "my husband locked me up".

Only what leaves no doubt counts. In any other text the danger is the sender's own, as before: a sender in danger who is
taken for a worried relative would be asked and called as one. The words are under `close` in `content/keywords.yaml`.
"""

from collections.abc import Iterator

from menus.lexicon import Lexicon, Match, Role
from menus.sentences import Sentence, words_of_danger

VERB_FIRST = "en"
"""In this language the object is after its verb: *my daughter locked up* may be what a daughter did."""


def is_about_somebody_close(lexicon: Lexicon, close: Lexicon, text: str) -> bool:
    """Whether a text that is a cry says of somebody close that they are held, and says nothing of the sender."""
    said = Sentence.of_words(lexicon, lexicon.words(text))
    found = Sentence.of_words(close, close.words(text))
    pairs = [pair for pair in _pairs(found) if _begins_clause(said, found, pair)]
    if not pairs or any(_is_of_sender(said, found, each, pairs[0][0].phrase.language) for each in found.of(Role.SELF)):
        return False
    told = {at for match in found.of(Role.HELD, Role.STATE, Role.PERSON) for at in match.places}
    return all(not told.isdisjoint(danger.places) for danger in words_of_danger(said))


def is_plainly_of_sender(lexicon: Lexicon, close: Lexicon, text: str) -> bool:
    """Whether a text that is a cry has *me* or *us* beside a word of danger: "they beat me"."""
    said = Sentence.of_words(lexicon, lexicon.words(text))
    found = Sentence.of_words(close, close.words(text)).of(Role.SELF)
    near = [range(danger.start - 1, danger.end + 1) for danger in words_of_danger(said)]
    return any(at in beside for match in found for at in match.places for beside in near)


def _pairs(found: Sentence) -> Iterator[tuple[Match, Match]]:
    """Yield a person and what is done to them, in the order of the text, with nothing between that could change it."""
    joined = (Role.HELD, Role.PERSON), (Role.PERSON, Role.HELD), (Role.NAMED, Role.STATE)
    for before, after in joined:
        for first in found.of(before):
            for second in found.of(after):
                in_order = before is not Role.PERSON or first.phrase.language != VERB_FIRST
                if in_order and first.end <= second.start and found.same_clause(first, second.start):
                    yield first, second


def _begins_clause(said: Sentence, found: Sentence, pair: tuple[Match, Match]) -> bool:
    """Whether only harmless words are before a pair and in it. *Мужа* may be *of the husband* after another word."""
    first, second = pair
    clause = [at for at, word in enumerate(said.words) if word.clause == said.words[first.start].clause]
    around = [at for at in clause if at < first.start or first.end <= at < second.start]
    return all(
        said.words[at].filler or said.has(at, Role.HELP, Role.CALL) or found.has(at, Role.BESIDE) for at in around
    )


def _is_of_sender(said: Sentence, found: Sentence, match: Match, language: str) -> bool:
    """Whether a word says *I* or *we*, and not only *help me* or *call me*. *Man* is *I* in Tajik, and no English."""
    if (match.phrase.language == VERB_FIRST) != (language == VERB_FIRST):
        return False
    helped = found.has(match.start, Role.HELPED)
    return not (helped and any(said.has(at, Role.HELP, Role.CALL) for at in (*match.places, *said.beside(match))))
