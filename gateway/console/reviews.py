"""Which wordings a person has read (R13), in each language: by whom, when. Marks are made in the content, not here.

A mark belongs to the very words; so it stands in `content/reviews.yaml` beside them, and goes with any edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.content.reviews import Reviews, Standing, standings
from helpline.core.languages import LANGUAGES
from helpline.staff.roles import Permission

HERE = "/reviews"


@dataclass(frozen=True, slots=True)
class InLanguage:
    """One language: what it is called, what has been read, and what waits."""

    code: str
    name: str
    read: Sequence[Standing]
    waits: Sequence[Standing]


@dataclass(frozen=True)
class ReviewPages:
    """The page about reviews. Content does not change while a process lives, so it is looked at once."""

    reviews: Reviews

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put this page behind its endpoint."""
        endpoints.add(HERE, self.show, Permission.AUDIT)

    @cached_property
    def languages(self) -> Sequence[InLanguage]:
        """How each language of the country stands, whichever waits for most first."""
        by_language = groupby(standings(self.reviews), key=lambda each: each.language)
        found = [_of(code, list(rows)) for code, rows in by_language]
        return sorted(found, key=lambda each: -len(each.waits))

    def show(self, visit: Visit) -> Response:
        """Show how each language stands."""
        waits = sum(len(each.waits) for each in self.languages)
        return draw(visit, "reviews.html", languages=self.languages, waits=waits, demo=visit.console.demo)


def _of(code: str, rows: Sequence[Standing]) -> InLanguage:
    read = [each for each in rows if each.mark]
    return InLanguage(code, LANGUAGES[code].name, read, [each for each in rows if not each.mark])
