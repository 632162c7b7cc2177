"""Which wordings a person has reviewed (R13), in each language: who reviewed it and when. The page is read-only.

A review mark belongs to exactly one wording. So it is stored in `content/reviews.yaml`, and any edit removes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.content.reviews import Mark, Reviews, ReviewState, review_states
from helpline.core.languages import LANGUAGES
from helpline.staff.roles import Permission

HERE = "/reviews"


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The reviews of one language."""

    code: str
    name: str
    read: Sequence[ReviewState]
    """Reviewed wordings."""
    waits: Sequence[ReviewState]
    """Wordings that are not yet reviewed."""
    signed: Sequence[Mark] = ()
    """Signatures of doctors, lawyers and psychologists, for the words as they are."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page."""
    endpoints.add(HERE, show, Permission.AUDIT)


def show(visit: Visit) -> Response:
    """Show the reviews of each language, with the words."""
    reviews = visit.console.case_context.reviews
    languages = in_languages(reviews)
    waits = sum(len(each.waits) for each in languages)
    return draw(
        visit, "reviews.html", languages=languages, waits=waits, demo=visit.console.demo, words=partial(_words, reviews)
    )


def _words(reviews: Reviews, text: ReviewState) -> list[str]:
    """Return the words of a text, each once."""
    parts = [each for part in reviews.parts(text.text, text.language) for each in part.split("\f")]
    return list(dict.fromkeys(parts))


def in_languages(reviews: Reviews) -> list[InLanguage]:
    """Return the reviews of each language. The one with most wordings not yet reviewed comes first."""
    by_language = groupby(review_states(reviews), key=lambda each: each.language)
    found = (_of(code, list(rows), reviews.signed(code)) for code, rows in by_language)
    return sorted(found, key=lambda each: -len(each.waits))


def _of(code: str, rows: Sequence[ReviewState], signed: Sequence[Mark]) -> InLanguage:
    read = [each for each in rows if each.mark]
    return InLanguage(code, LANGUAGES[code].name, read, [each for each in rows if not each.mark], signed)
