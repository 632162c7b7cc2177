"""Which wordings a person has reviewed (R13), in each language: who reviewed it and when. Coordinators set marks.

A review mark belongs to exactly one wording: any edit removes it. What is set here waits in the database until
`komek translate marks` has added it to `content/reviews.yaml` (decision 24).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw, explain, first_of, go, page_number, page_of, pages, refuse
from helpline.content.reading_age import reading_age
from helpline.content.reviews import Mark, Reviews, ReviewState, review_states
from helpline.core.languages import LANGUAGES
from helpline.oversight import marking
from helpline.staff.roles import Permission

HERE = "/reviews"
SAID = frozenset({"marked", "taken_back", "changed", "who"})
"""The names of texts in `console.reviews.said`."""
LISTS = ("waiting", "unsigned", "all")
"""Which texts a list shows: those not yet read, those not yet signed, or all."""
LONGEST = 500
"""Letters of a typed name that are read."""


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
    endpoints.add(f"{HERE}/texts", show_texts, Permission.AUDIT)
    endpoints.add(f"{HERE}/mark", words_to_mark, Permission.WORDINGS)
    endpoints.add(f"{HERE}/mark", mark, Permission.WORDINGS, ("POST",), sudo=True)
    endpoints.add(f"{HERE}/<id>/take-back", take_back, Permission.WORDINGS, ("POST",), sudo=True)


def show(visit: Visit) -> Response:
    """Show the reviews of each language, with the words."""
    reviews = visit.console.case_context.reviews
    languages = in_languages(reviews)
    waits = sum(len(each.waits) for each in languages)
    with visit.console.db.read(visit.console.now()) as tx:
        added = marking.to_add(tx, [reviews])
    said = request.args.get("said", "")
    return draw(
        visit, "reviews.html", languages=languages, waits=waits, demo=visit.console.demo,
        words=lambda one: _words(reviews, one.text, one.language), added=added, said=said if said in SAID else "",
        may_mark=visit.person.may(Permission.WORDINGS), names=LANGUAGES,
    )  # fmt: skip


def show_texts(visit: Visit) -> Response:
    """Show the texts of one language, page by page: those not yet read, those not yet signed, or all of them."""
    reviews, _, asked = _chosen(visit, request.args)
    languages = reviews.book.languages
    language = asked if asked in languages else languages[0]
    with visit.console.db.read(visit.console.now()) as tx:
        states = marking.states(reviews, marking.to_add(tx, [reviews]), language)
    waiting = [each for each in states if not each.is_read]
    unsigned = [each for each in states if each.unsigned]
    kinds = {"waiting": waiting, "unsigned": unsigned, "all": states}
    which, said = _shown(request.args), request.args.get("said", "")
    found = kinds[which]
    number = min(page_number(), max(pages(len(found)), 1))
    return draw(
        visit, "reviews/texts.html", tongue=language, languages=languages, names=LANGUAGES, which=which,
        counts=(len(states) - len(waiting), len(waiting), len(unsigned)), states=page_of(found, number), number=number,
        last=pages(len(found)), words=lambda text: _words(reviews, text, language),
        age=lambda text: reading_age(reviews.wording(text, language)),
        said=said if said in SAID else "", may_mark=visit.person.may(Permission.WORDINGS),
    )  # fmt: skip


def words_to_mark(visit: Visit) -> Response:
    """Show the words of one text, and the form that says who has read them."""
    reviews, text, language = _chosen(visit, request.args)
    now = marking.hash_now(reviews, text, language)
    if not now:
        return explain(visit, "missing", 404)
    return draw(
        visit, "reviews/mark.html", text=text, tongue=language, name=LANGUAGES[language].name, hash=now,
        parts=_words(reviews, text, language), roles=marking.ROLES, longest=marking.LONGEST_NAME,
        who=request.args.get("said") == "who", age=reading_age(reviews.wording(text, language)),
        which=_shown(request.args), number=page_number(),
    )  # fmt: skip


def mark(visit: Visit) -> Response:
    """Store who has read a text. The form carries the hash of the words that were shown."""
    reviews, text, language = _chosen(visit, request.form)
    reviewer, role = marking.name_of(request.form.get("reviewer", "")[:LONGEST]), first_of(request.form, "role", 16)
    now = visit.console.now()
    made = Mark(text, language, reviewer, f"{now:%Y-%m-%d}", first_of(request.form, "hash", 16), role)
    with visit.console.db.write(now) as tx:
        said = marking.set_mark(tx, visit.console.sign_in.audit_key, reviews, visit.person, made)
    if said == "who" and marking.hash_now(reviews, text, language):
        return refuse(f"{HERE}/mark?{urlencode({'text': text, 'language': language, 'said': said})}")
    back = {"language": language if language in reviews.book.languages else "", "show": _shown(request.form)}
    return go(f"{HERE}/texts?{urlencode({**back, 'page': page_number(request.form), 'said': said})}")


def take_back(visit: Visit, id: str) -> Response:
    """Take back a mark that was set here."""
    with visit.console.db.write(visit.console.now()) as tx:
        said = marking.take_back(tx, visit.console.sign_in.audit_key, visit.person, id)
    return go(f"{HERE}?said={said}")


def _shown(values: Mapping[str, str]) -> str:
    """Return which texts the list shows. Who has read one goes on with the same list."""
    asked = first_of(values, "show", 8)
    return asked if asked in LISTS else LISTS[0]


def _chosen(visit: Visit, values: Mapping[str, str]) -> tuple[Reviews, str, str]:
    return visit.console.case_context.reviews, first_of(values, "text", 64), first_of(values, "language", 16)


def _words(reviews: Reviews, text: str, language: str) -> list[str]:
    """Return the words of a text, each once. A wrong key repeats a page below a new line: such lines come last."""
    pages_read: dict[str, None] = {}
    lines: dict[str, None] = {}
    for said in "\f".join(reviews.parts(text, language)).split("\f"):
        repeated = next((f"\n{page}" for page in pages_read if said.endswith(f"\n{page}")), "")
        (lines if repeated else pages_read)[said.removesuffix(repeated)] = None
    return [*pages_read, *lines]


def in_languages(reviews: Reviews) -> list[InLanguage]:
    """Return the reviews of each language. The one with most wordings not yet reviewed comes first."""
    by_language = groupby(review_states(reviews), key=lambda each: each.language)
    found = (_of(code, list(rows), reviews.signed(code)) for code, rows in by_language)
    return sorted(found, key=lambda each: -len(each.waits))


def _of(code: str, rows: Sequence[ReviewState], signed: Sequence[Mark]) -> InLanguage:
    read = [each for each in rows if each.mark]
    return InLanguage(code, LANGUAGES[code].name, read, [each for each in rows if not each.mark], signed)
