"""Figures of past months, as they are published. A lead sees those of their own service (R36).

Coordinators also see the running month, with small counts hidden as well. It is in no file: two counts of one month,
compared, show who was added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Response, request
from markupsafe import Markup

from gateway.console import charts
from gateway.console.access import Endpoints
from gateway.console.charts import Spot
from gateway.console.context import Visit
from gateway.console.pages import Fault, draw, first_of
from helpline.content.gazetteer import outline_of
from helpline.content.sources import ROOT
from helpline.core.languages import LANGUAGES as LANGUAGE_NAMES
from helpline.directory import services
from helpline.oversight import monthly, published, report
from helpline.oversight.monthly import DAY, NAMES, SCREEN, Month
from helpline.oversight.open_requests import desks
from helpline.oversight.report import MONTHS, Labels
from helpline.oversight.small_numbers import OTHER
from helpline.staff.roles import Permission

HERE = "/figures"
HOW_MANY = 12
LANGUAGES = ("en", "ru")
"""The languages of the report: the console has them in every country."""
FIRST = ("outcome", "need", "region")
"""What a report says first. These tables are open and on top; the others are folded."""
REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of the page with its chart."""

    id: str
    title: str
    rows: Sequence[tuple[str, int, str]]
    """Label, count, and share in words."""
    picture: Markup
    hint: str = ""
    folded: bool = False


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    endpoints.add(HERE, show, Permission.FIGURES)
    endpoints.add(f"{HERE}/report.csv", table, Permission.FIGURES, exports=True)
    endpoints.add(f"{HERE}/report-<language>.pdf", paper, Permission.FIGURES, exports=True)


def show(visit: Visit) -> Response:
    """Show the month that the address names, or the last month, below a chart of the months before."""
    listed, running = monthly.last_months(visit.console.now(), HOW_MANY), _running(visit)
    wanted = first_of(request.args, "month", 20) or listed[0]
    faults = [] if wanted in (*listed, *running) else [Fault("month", "month")]
    named = listed[0] if faults else wanted
    months, labels = _months(visit, listed), _labels_on_screen(visit)
    month = _counted_now(visit, named) if named in running else months[named]
    name = partial(labels.kind, MONTHS)
    both = monthly.combine(reversed(months.values()))
    since = _since(both.by["month"], labels) if both.by else None
    return draw(
        visit, "figures.html", faults, listed=[*running, *listed], running=running, month=month, since=since, name=name,
        labels=labels, shown=_shown(month, labels), left=_left(month, labels), harm=_harm(month, labels),
        answers=report.answer_rows(month, labels), took=report.duration_rows(month, labels),
        reached=_reached(month), unfold="all" in request.args,
        languages=[(each, _name_of(each)) for each in LANGUAGES],
    )  # fmt: skip


def table(visit: Visit) -> Response:
    """Send a month as CSV."""
    if (month := _asked_for(visit)) is None:
        return Response("no such month", 404, content_type="text/plain; charset=utf-8")
    return file(report.as_csv(month, _labels(visit, visit.language)), f"komek-{month.name}.csv", "text/csv")


def paper(visit: Visit, language: str) -> Response:
    """Send a month as PDF."""
    month = _asked_for(visit)
    if month is None or language not in LANGUAGES:
        return Response("no such report", 404, content_type="text/plain; charset=utf-8")
    from helpline.oversight.report_pdf import as_pdf  # its library is slow to import and seldom needed

    made = as_pdf(month, _labels(visit, language), own=bool(visit.person.service))
    return file(made, f"komek-{month.name}-{language}.pdf", "application/pdf")


def _asked_for(visit: Visit) -> Month | None:
    named = first_of(request.args, "month", 20)
    known = named in monthly.last_months(visit.console.now(), HOW_MANY)
    return _months(visit, [named])[named] if known else None


def _months(visit: Visit, named: Sequence[str]) -> dict[str, Month]:
    console = visit.console
    return published.months(console.db, named, console.matching.region_of, console.now(), visit.person.service)


def _running(visit: Visit) -> tuple[str, ...]:
    """Return the month that is not over, for people who see all open requests; nothing for others.

    Two looks compared may tell more than one. So small counts are hidden, and it stays with coordinators.
    """
    return (monthly.running(visit.console.now()),) if visit.person.may(Permission.ALL_CASES) else ()


def _counted_now(visit: Visit, named: str) -> Month:
    """Count the running month, without the calls that asked for nothing: those are in no list of coordinators."""
    console = visit.console
    with console.db.snapshot() as tx:
        counted = published.preview(tx, named, console.matching.region_of)
    return replace(counted, left=monthly.NOTHING)


def _labels(visit: Visit, language: str) -> Labels:
    """Return the labels of a file, which others may read. A service without a public name has its id there."""
    console, wording = visit.console, visit.console.case_context.wording
    with console.db.read() as tx:
        known = services.services(tx, console.country)
    labels = report.labels_of(console.texts, console.country_data, language, known)
    return replace(labels, screens=report.screens_of(wording.book, wording.tongue(language)))


def _labels_on_screen(visit: Visit) -> Labels:
    """Return the labels of the page, with names that the person sees elsewhere: of all services, or of their own."""
    labels, person = _labels(visit, visit.language), visit.person
    with visit.console.db.read() as tx:
        known = desks(tx, visit.language, None if person.may(Permission.ALL_CASES) else {person.service})
    return replace(labels, services={**labels.services, **{id: each.name for id, each in known.items()}})


def _since(counts: Mapping[str, int], labels: Labels) -> Shown:
    title, rows = labels.say("months"), _rows(counts, labels, MONTHS)
    drawn = [(month.split("-")[-1], count, f"{what}: {count}")
             for month, (what, count, _) in zip(counts, rows, strict=True)]  # fmt: skip
    return Shown("months", title, rows, charts.columns(drawn, labels.say("chart", name=title)))


def _shown(month: Month, labels: Labels) -> list[Shown]:
    if month.people.total is None:
        return []
    dated = [replace(_days(month, labels), folded=True)] if DAY in month.people.by else []
    rest = [replace(_one(name, month, labels), folded=True) for name in NAMES if name not in FIRST]
    return [*(_one(name, month, labels) for name in FIRST), *dated, *rest]


def _reached(month: Month) -> tuple[int, str] | None:
    """Return how many people were reached and their share, or None if that count is hidden."""
    counts = month.people.by.get("outcome", {})
    return (counts[REACHED], report.share(counts[REACHED], sum(counts.values()))) if REACHED in counts else None


def _left(month: Month, labels: Labels) -> Shown | None:
    """Return the table of screens on which callers hung up without a request."""
    title, counts = labels.say(f"names.{SCREEN}"), month.left.by.get(SCREEN)
    if counts is None:
        return None
    return replace(_ranked("left", title, counts, labels, SCREEN), hint=labels.say("left_hint"))


def _harm(month: Month, labels: Labels) -> list[Shown]:
    """Return the tables of reported harm: by kind, and by the service whose call or text caused it."""
    return [
        _ranked(f"harm-{name}", labels.say(f"harm_by.{name}"), counts, labels, name)
        for name, counts in month.harm.by.items()
    ]


def _ranked(id: str, title: str, counts: Mapping[str, int], labels: Labels, name: str) -> Shown:
    """Return a table of counts, the largest first. It has no rows if all kinds had to be combined (R36)."""
    if set(counts) == {OTHER}:
        return Shown(id, title, [], Markup())
    rows = _rows(dict(sorted(counts.items(), key=lambda each: -each[1])), labels, name)
    picture = charts.bars([(what, count) for what, count, _ in rows], labels.say("chart", name=title))
    return Shown(id, title, rows, picture)


def _days(month: Month, labels: Labels) -> Shown:
    """Return the table of days in order; the days whose counts are combined come last."""
    title, counts = labels.say("by_day"), month.people.by[DAY]
    if set(counts) == {OTHER}:
        return Shown(DAY, title, [], Markup(), labels.say("day_hint"))
    days = {each: _count(counts, each) for each in monthly.days_of(month)}
    told = [(labels.kind(DAY, each), count) for each, count in days.items()]
    picture = charts.columns([(*each, _told(*each, labels)) for each in told], labels.say("chart", name=title))
    shown = {each: count for each, count in days.items() if count is not None}
    together = {OTHER: counts[OTHER]} if OTHER in counts else {}
    return Shown(DAY, title, _rows(shown | together, labels, DAY), picture, labels.say("day_hint"))


def _count(counts: Mapping[str, int], kind: str) -> int | None:
    """Return a count, or None if it may be part of the combined rest."""
    return counts.get(kind, None if OTHER in counts else 0)


def _told(what: str, count: int | None, labels: Labels) -> str:
    return labels.say("too_few", name=what) if count is None else f"{what}: {count}"


def _one(name: str, month: Month, labels: Labels) -> Shown:
    title, counts = labels.say(f"names.{name}"), month.people.by[name]
    if name != "region" or set(counts) == {OTHER}:
        return _ranked(name, title, counts, labels, name)
    regions = labels.country.regions
    known = [(each, _count(counts, each.code)) for each in regions]
    spots = [Spot(_told(labels.kind(name, each.code), count, labels), each.at, count) for each, count in known]
    numbers = {each.code: f"{at}. " for at, each in enumerate(regions, 1)}
    rows = [(f"{numbers.get(code, '')}{what}", count, share) for code, (what, count, share) in
            sorted(zip(counts, _rows(counts, labels, name), strict=True), key=lambda each: -each[1][1])]  # fmt: skip
    drawn = charts.places(spots, outline_of(ROOT, labels.country.code), labels.say("map"))
    return Shown(name, title, rows, drawn, labels.say("map_legend"))


def _rows(counts: Mapping[str, int], labels: Labels, name: str = "") -> list[tuple[str, int, str]]:
    return [
        (labels.kind(name, kind), count, report.share(count, sum(counts.values()))) for kind, count in counts.items()
    ]


def _name_of(language: str) -> str:
    return LANGUAGE_NAMES[language].name


def file(made: bytes, name: str, kind: str) -> Response:
    """Send a file as a download. The browser does not open it as a page, so nothing in it can run."""
    response = Response(made, content_type=f"{kind}; charset=utf-8" if kind == "text/csv" else kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
