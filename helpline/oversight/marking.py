"""Say at the console that somebody has read a wording (R13). The mark is for these very words, as by the command.

It lets nothing be sent: `komek translate marks` adds it to `content/reviews.yaml` (decision 24).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from helpline.content.reviews import READER, SIGNERS, Mark, Reviews, all_texts
from helpline.core.typed_text import strip_invisible
from helpline.staff import review_marks
from helpline.staff.review_marks import SetMark
from helpline.staff.roles import Person
from helpline.store import audit_log
from helpline.store.engine import Tx

ROLES = (READER, *SIGNERS)
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class TextState:
    """Who has read and signed a text, in one language."""

    text: str
    marks: Sequence[Mark]
    """The marks for the words as they are now, those of the console last."""
    unsigned: Sequence[str] = ()
    """Who must sign it and has not."""

    @property
    def is_read(self) -> bool:
        """Whether a native reader has read it."""
        return any(each.role == READER for each in self.marks)


def hash_now(reviews: Reviews, text: str, language: str) -> str:
    """Return the hash of a wording for callers or services, or an empty string if there is no such text."""
    known = language in reviews.book.languages and text in all_texts(reviews.book, language)
    return reviews.hash(text, language) if known else ""


def set_mark(tx: Tx, audit_key: bytes, reviews: Reviews, person: Person, mark: Mark) -> str:
    """Store a mark. Return what is wrong with it, as the name of a text in `console.reviews.said`, or `marked`.

    `mark.hash` is that of the words that the person was shown. If the content has changed since, nothing is stored.
    """
    now = hash_now(reviews, mark.text, mark.language)
    if not now or now != mark.hash:
        return "changed"
    if mark.role not in ROLES or not mark.reviewer or len(mark.reviewer) > LONGEST_NAME:
        return "who"
    id = review_marks.add(tx, person.id, mark)
    if id:
        audit_log.append(tx, audit_key, tx.now, person.id, "marked", id)
    return "marked"


def take_back(tx: Tx, audit_key: bytes, person: Person, id: str) -> str:
    """Take a mark back that was set at the console. Return the name of what to say."""
    if not review_marks.take_back(tx, id):
        return "changed"
    audit_log.append(tx, audit_key, tx.now, person.id, "unmarked", id)
    return "taken_back"


def name_of(typed: str) -> str:
    """Return a typed name on one line."""
    return " ".join(strip_invisible(typed).split())


def to_add(tx: Tx, reviews: Sequence[Reviews]) -> list[SetMark]:
    """Return the marks of the console that hold for the words as they are, and that the content does not have yet."""
    return [
        each for each in review_marks.in_force(tx)
        if any(hash_now(one, each.mark.text, each.mark.language) == each.mark.hash for one in reviews)
        and not any(_same(each.mark, known) for one in reviews for known in one.marks)
    ]  # fmt: skip


def states(reviews: Reviews, added: Sequence[SetMark], language: str) -> list[TextState]:
    """Return the state of every text in a language, in the order of the content. `added` are the console's marks."""
    marks: dict[str, list[Mark]] = {}
    for mark in (*reviews.marks, *(each.mark for each in added)):
        if mark.language == language and mark.reviewer:
            marks.setdefault(mark.text, []).append(mark)
    known = all_texts(reviews.book, language)
    now = {text: hash_now(reviews, text, language) for text in known if text in marks}
    valid = {text: [each for each in marks[text] if each.hash == now[text]] for text in now}
    found = ((text, valid.get(text, [])) for text in known)
    return [TextState(text, held, reviews.still_to_sign(text, held)) for text, held in found]


def _same(one: Mark, other: Mark) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("text", "language", "reviewer", "hash", "role"))
