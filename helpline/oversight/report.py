"""Format a month's figures in the reader's language, and as CSV. `helpline.oversight.report_pdf` makes the PDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline.caller.conversations import TO_THE_END
from helpline.content.console_texts import ConsoleTexts
from helpline.content.country_file import CountryData
from helpline.core.languages import LANGUAGES, base_of
from helpline.core.spreadsheets import written
from helpline.directory.service import Service
from helpline.oversight.monthly import DAY, NAMES, NO_SERVICE, SCREEN, SPANS, STEPS_MINUTES, Durations, Month
from helpline.oversight.small_numbers import OTHER, Table
from menus.book import SLOT, Book

HOURS, DAYS = 60, 1440
MONTHS = "month"
"""The name of what the months are kinds of."""
UNNAMED = frozenset({"language", DAY, MONTHS, SCREEN})
"""What has kinds without texts of their own."""
SECTION = "figures"


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of figures, kinds, places and services in one language."""

    texts: ConsoleTexts
    country: CountryData
    language: str
    services: Mapping[str, str]
    """The name of each service in the directory, by its id."""
    screens: Mapping[str, str] = field(default_factory=dict)
    """What each screen of the menus says first, by its id."""

    def say(self, text: str, **values: str) -> str:
        """Return a text of `console.figures`."""
        return self.texts.say(self.language, f"{SECTION}.{text}", values)

    def kind(self, name: str, kind: str) -> str:
        """Return the name of a kind. A kind without a name is returned as it is."""
        if kind == OTHER:
            return self.say("others")
        if name in UNNAMED:
            return self._unnamed(name, kind)
        if kind == NO_SERVICE:
            return self.say("no_service")
        if name == "service":
            return self.services.get(kind) or self.say("was_there")
        if f"console.{SECTION}.{name}.{kind}" in self.texts.english:
            return self.say(f"{name}.{kind}")
        return self._place(kind) if name == "region" else kind

    def _unnamed(self, name: str, kind: str) -> str:
        """Return the name of a kind that has no text of its own: a language, days, a month, a screen."""
        if name == "language":
            return LANGUAGES[kind].name if kind in LANGUAGES else kind
        if name == DAY:
            return "–".join(str(int(day)) for day in kind.split("-"))
        if name == MONTHS:
            year, month = kind.split("-")
            return f"{self.say(f'month_names.{int(month)}')} {year}"
        return self.say("to_the_end") if kind == TO_THE_END else self.screens.get(kind, kind)

    def _place(self, code: str) -> str:
        spoken = base_of(self.texts.language_of(self.language, SECTION))
        named = {each.code: each.name for each in self.country.regions} | {
            each.code: each.name for each in self.country.abroad
        }
        names = named.get(code, {})
        return names.get(spoken) or names.get("en") or code

    def step(self, minutes: int) -> str:
        """Return a duration in words."""
        if minutes >= STEPS_MINUTES[-1]:
            return self.say("longer")
        unit, size = ("days", DAYS) if minutes > DAYS else ("hours", HOURS) if minutes >= HOURS else ("minutes", 1)
        return self.say(unit, count=str(minutes // size))


HIDDEN = "–"
MOST_OF_SCREEN = 40
"""The most letters of a screen's first line that name the screen."""


def labels_of(texts: ConsoleTexts, country: CountryData, language: str, services: Sequence[Service]) -> Labels:
    """Return the labels for a language."""
    base = base_of(language)
    names = {each.id: each.names.get(base) or each.names.get("en") or next(iter(each.names.values()), each.id)
             for each in services}  # fmt: skip
    return Labels(texts, country, language, names)


def screens_of(book: Book, language: str) -> dict[str, str]:
    """Return the first line of each screen in a language of the book: what callers and authors know it by."""
    first = {name: pages[0].text.split("\n")[0] for name, pages in book.pages[language].items() if pages}
    return {name: _cut(SLOT.sub("…", line).strip().rstrip(":")) for name, line in first.items()}


def _cut(line: str) -> str:
    return line if len(line) <= MOST_OF_SCREEN else f"{line[: MOST_OF_SCREEN - 1].rstrip()}…"


def share(count: int, total: int) -> str:
    """Return a share in whole percent."""
    return f"{100 * count / total:.0f} %"


def duration_rows(month: Month, labels: Labels) -> list[tuple[str, str, str]]:
    """Return each kind of duration with its median and ninth decile, in words."""
    return [(labels.say(f"spans.{span}"), *_words(month.durations[span], labels)) for span in SPANS]


def _words(each: Durations | None, labels: Labels) -> tuple[str, str]:
    return (labels.step(each.median), labels.step(each.p90)) if each else (HIDDEN, HIDDEN)


def answer_rows(month: Month, labels: Labels) -> list[list[str]]:
    """Return the table of how services answered, headings first. It is empty if there are too few answers."""
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
    """Yield every one-dimensional count: the text that names it, the dimension, and the count of each kind."""
    people, left, harm = month.people.by, month.left.by, month.harm.by
    yield from ((f"names.{name}", name, people[name]) for name in (DAY, *NAMES) if name in people)
    yield from ((f"names.{name}", name, counts) for name, counts in left.items())
    yield from ((f"harm_by.{name}", name, counts) for name, counts in harm.items())


def as_csv(month: Month, labels: Labels, *, draft: bool = False) -> bytes:
    """Return a month as CSV in UTF-8. Each line has the month, the figure, the kind, and a count or words."""
    return written(_lines(month, labels, draft=draft)).encode()


def _lines(month: Month, labels: Labels, *, draft: bool) -> Iterator[Sequence[str]]:
    people = month.people
    yield labels.say("month"), labels.say("what"), "", labels.say("count")
    if draft:
        yield month.name, labels.say("draft"), "", ""
    if people.total is None:
        yield month.name, labels.say("few", when=labels.kind(MONTHS, month.name)), "", ""
    else:
        yield month.name, labels.say("report"), labels.say("sum"), str(people.total)
    for what, name, counts in counted(month):
        for kind, count in counts.items():
            yield month.name, labels.say(what), labels.kind(name, kind), str(count)
    for what, half, most in duration_rows(month, labels):
        yield month.name, what, labels.say("median"), half
        yield month.name, what, labels.say("p90"), most
    head, *rows = answer_rows(month, labels) or [[]]
    for service, *cells in rows:
        for answer, cell in zip(head[1:], cells, strict=True):
            yield month.name, f"{labels.say('asked')}: {service}", answer, cell
