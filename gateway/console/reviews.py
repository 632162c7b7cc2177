"""Which wordings a person has reviewed (R13), in each language: by whom and when. The page is read-only.

A review mark belongs to exactly one wording. So it is stored in `content/reviews.yaml`, and any edit removes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.content.reviews import Reviews, ReviewState, review_states
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


@dataclass(frozen=True)
class ReviewPages:
    """The page about reviews. Content does not change while a process runs, so it is read once."""

    reviews: Reviews

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register this page."""
        endpoints.add(HERE, self.show, Permission.AUDIT)

    @cached_property
    def languages(self) -> Sequence[InLanguage]:
        """The languages of the country. The one with most wordings not yet reviewed comes first."""
        by_language = groupby(review_states(self.reviews), key=lambda each: each.language)
        found = [_of(code, list(rows)) for code, rows in by_language]
        return sorted(found, key=lambda each: -len(each.waits))

    def show(self, visit: Visit) -> Response:
        """Show the reviews of each language."""
        waits = sum(len(each.waits) for each in self.languages)
        return draw(visit, "reviews.html", languages=self.languages, waits=waits, demo=visit.console.demo)


def _of(code: str, rows: Sequence[ReviewState]) -> InLanguage:
    read = [each for each in rows if each.mark]
    return InLanguage(code, LANGUAGES[code].name, read, [each for each in rows if not each.mark])
