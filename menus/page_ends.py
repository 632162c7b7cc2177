"""Where a page of a long text may end.

A frightened reader acts on the page they see. So a page ends with a sentence, or where the author wrote ` | `. A
question ("Hard to breathe?") stays with its answer if both fit. Only if a sentence is too long for one page does it end
with a phrase, and if that is impossible, between words. Some words hold the next one: a number, "not", "if". A page
never ends there unless nothing else fits, because half of a prohibition says the opposite.
"""

import re
from collections.abc import Callable, Sequence
from enum import IntEnum

MARK = "|"
"""Written between two words: a page may end here, as after a sentence. It is never shown."""


class End(IntEnum):
    """How well a page can end after a word, the best first."""

    SENTENCE = 0
    QUESTION = 1
    PHRASE = 2
    WORD = 3
    HELD = 4


_SENTENCE = re.compile(r"(?:[.!…]|(?<!\d)\?)[\"'»”)]*$")
"""A number that nobody has verified is shown as `102?`: no sentence ends there."""
_QUESTION = re.compile(r"\?[\"'»”)]*$")
_PHRASE = re.compile(r"[,;:][\"'»”)]*$|^[-–—]$")
_NUMBER = re.compile(r"\d|^\{")
_CONDITION = re.compile(
    r"^(if|when|unless|only|если|когда|агар|егер|эгер|eger|agar|только|танҳо|тек)$"
    r"|(са|се|сақ|сек|со|sa|se)(м|ң|ңыз|ңиз|ңуз|ңүз|нг|нгиз|ng|ngiz|ňyz|ňiz|лар|lar|ler)?(\s*-?да|-da|-de)?[,:]?$",
    re.IGNORECASE,
)
_HOLDS = frozenset({
    "a", "an", "and", "do", "does", "for", "if", "in", "may", "never", "no", "nobody", "not", "of", "only", "or", "the",
    "to", "when", "without", "без", "бе", "в", "для", "если", "и", "или", "к", "когда", "на", "не", "нельзя", "ни",
    "никогда", "никто", "о", "от", "по", "с", "только", "у", "агар", "ба", "бо", "аз", "дар", "танҳо", "фақат", "faqat",
    "ешкім", "тек", "эч", "ҳеч", "ҳеҷ", "hech", "hiç", "diňe", "егер", "эгер", "eger", "agar",
})  # fmt: skip
"""Words that change the meaning of what follows, or that are nothing without it, in all languages of the content."""


def split(text: str) -> tuple[list[str], frozenset[int]]:
    """Return the words of a text without its marks, and after how many words each mark was."""
    words: list[str] = []
    marked = set[int]()
    for word in text.split(" "):
        if word == MARK:
            marked.add(len(words))
        else:
            words.append(word)
    return words, frozenset(marked)


def plain(text: str) -> str:
    """Return a text as it is read: without marks."""
    return " ".join(split(text)[0]) if MARK in text else text


def end_after(words: Sequence[str], count: int, marked: frozenset[int] = frozenset()) -> End:
    """Return how well a page can end after `count` words."""
    last, following = words[count - 1], words[count : count + 1]
    if not following or count in marked:
        return End.SENTENCE
    if _SENTENCE.search(last):
        return End.QUESTION if _QUESTION.search(last) else End.SENTENCE
    bare = last.strip(".,;:?!\"'«»“”()").casefold()
    if _NUMBER.search(last) or _NUMBER.search(following[0]) or bare in _HOLDS:
        return End.HELD
    if _PHRASE.search(last):
        return End.WORD if _in_condition(words, count, marked) else End.PHRASE
    return End.WORD


def _in_condition(words: Sequence[str], count: int, marked: frozenset[int]) -> bool:
    """Whether the words since the end of the last sentence say under which condition the rest is true."""
    for at in range(count, 0, -1):
        if at < count and (at in marked or _SENTENCE.search(words[at - 1])):
            return False
        if _CONDITION.search(words[at - 1].strip("\"'«»“”()")):
            return True
    return False


def best_end(words: Sequence[str], start: int, fits: Callable[[int], bool], marked: frozenset[int]) -> int:
    """Return after which word the page that begins at `start` ends; another page follows.

    It is the last of the best ends that fit: `fits` tells whether the page fits if it ends after so many words. At
    least one word is taken, even if it is too long for a page.
    """
    best, chosen = End.HELD, start + 1
    for count in range(start + 1, len(words)):
        if count > start + 1 and not fits(count):
            break
        end = end_after(words, count, marked)
        if end <= best:
            best, chosen = end, count
    return chosen
