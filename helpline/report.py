"""A month in words and as a table for a spreadsheet. The PDF of it is `helpline.report_pdf`."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from helpline.console_texts import ConsoleTexts
from helpline.country import CountryData
from helpline.directory import Service
from helpline.figures import Table
from helpline.labels import Labels
from helpline.languages import base_of
from helpline.monthly import DAY, NAMES, SPANS, Month, Took

HIDDEN = "–"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheets reckon instead of show."""
MARK = "\ufeff"
"""Tells Excel that letters are UTF-8."""


def labels_of(texts: ConsoleTexts, country: CountryData, language: str, services: Sequence[Service]) -> Labels:
    """Put together what figures are called in a language."""
    base = base_of(language)
    names = {each.id: each.names.get(base) or each.names.get("en") or next(iter(each.names.values()), each.id)
             for each in services}  # fmt: skip
    return Labels(texts, country, language, names)


def share(count: int, total: int) -> str:
    """Write a share of all in whole percent."""
    return f"{100 * count / total:.0f} %"


def took(month: Month, labels: Labels) -> list[tuple[str, str, str]]:
    """Give how long each thing took: what, half of them, nine of ten."""
    return [(labels.say(f"spans.{span}"), *_words(month.took[span], labels)) for span in SPANS]


def _words(each: Took | None, labels: Labels) -> tuple[str, str]:
    return (labels.step(each.median), labels.step(each.p90)) if each else (HIDDEN, HIDDEN)


def answers(month: Month, labels: Labels) -> list[list[str]]:
    """Give how services answered, the heads first; nothing where there are too few answers."""
    asked = month.asked
    if asked.total is None:
        return []
    inner = asked.tables["answer"]
    head = [labels.say("service"), *(labels.kind("answer", each) for each in inner.columns), labels.say("sum")]
    rows = [[labels.kind("service", row), *_cells(inner, row), str(asked.by["service"][row])] for row in inner.rows]
    sums = [labels.say("sum"), *(str(asked.by["answer"][each]) for each in inner.columns), str(asked.total)]
    return [head, *rows, sums]


def _cells(inner: Table, row: str) -> Iterator[str]:
    for column in inner.columns:
        count = inner.cells[row, column]
        yield HIDDEN if count is None else str(count)


def counted(month: Month) -> Iterator[tuple[str, str, Mapping[str, int]]]:
    """Give every count by one thing: the text that names it, what is counted, and how many of each kind."""
    people, left, harm = month.people.by, month.left.by, month.harm.by
    yield from ((f"names.{name}", name, people[name]) for name in (DAY, *NAMES) if name in people)
    yield from ((f"names.{name}", name, counts) for name, counts in left.items())
    yield from ((f"harm_by.{name}", name, counts) for name, counts in harm.items())


def as_csv(month: Month, labels: Labels, *, draft: bool = False) -> bytes:
    """Give a month as CSV in UTF-8: what is counted, which kind, count or words, one line each."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for line in _lines(month, labels, draft=draft):
        writer.writerow([_harmless(cell) for cell in line])
    return (MARK + file.getvalue()).encode()


def _lines(month: Month, labels: Labels, *, draft: bool) -> Iterator[Sequence[str]]:
    people = month.people
    yield labels.say("month"), labels.say("what"), "", labels.say("count")
    if draft:
        yield month.named, labels.say("draft"), "", ""
    if people.total is None:
        yield month.named, labels.say("few", when=month.named), "", ""
    else:
        yield month.named, labels.say("report"), labels.say("sum"), str(people.total)
    for what, name, counts in counted(month):
        for kind, count in counts.items():
            yield month.named, labels.say(what), labels.kind(name, kind), str(count)
    for what, half, most in took(month, labels):
        yield month.named, what, labels.say("median"), half
        yield month.named, what, labels.say("p90"), most
    head, *rows = answers(month, labels) or [[]]
    for service, *cells in rows:
        for answer, cell in zip(head[1:], cells, strict=True):
            yield month.named, f"{labels.say('asked')}: {service}", answer, cell


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from reckoning what somebody wrote as the name of a service."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
