"""The hours of a service in a form: one line for each weekday, and the days with other hours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from helpline.core.typed_text import strip_invisible
from helpline.directory.hsds.draft import Draft
from helpline.directory.hsds.hours import opening_of
from helpline.directory.hsds.tables import Body, Row
from helpline.directory.hsds.topics import Typed, first
from helpline.directory.opening_hours import DAYS, WEEKLY, Opening

DASH = re.compile(r"\s*[-\u2010-\u2015]\s*")
TIME = re.compile(r"([0-2]?[0-9])[:.]([0-5][0-9])", re.ASCII)
DAY_FIELDS = ("how", "first", "last", "opens", "closes")
Stretch = tuple[str, str]
"""When it opens and when it closes, as text."""


@dataclass(frozen=True, slots=True)
class Week:
    """The hours that repeat each week. Monthly and seasonal rows stay as the sheet has them."""

    name: str = "hours"
    beside: str = "hours_MO"

    def shown(self, draft: Draft) -> Typed:
        """Return the hours of each day."""
        found: dict[str, list[Stretch]] = {day: [] for day in DAYS}
        for _, line in _weekly(draft):
            for day in line.days:
                found[day].append(_stretch(line))
        return {f"hours_{day}": (_text(sorted(listed)),) for day, listed in found.items()}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save one row for each span of hours, with all its days. A row that is right is not changed."""
        wanted: dict[Stretch, list[str]] = {}
        for day in DAYS:
            for stretch in dict.fromkeys(_stretches(first(typed, f"hours_{day}"))):
                wanted.setdefault(stretch, []).append(day)
        weekly = _weekly(draft)
        zone = next((line.zone for _, line in weekly), "") or draft.ground.country.zone
        left = [row for row, line in weekly if wanted.get(_stretch(line)) != [day for day in DAYS if day in line.days]]
        for stretch in {_stretch(line) for row, line in weekly if row not in left}:
            wanted.pop(stretch)
        for stretch, days in wanted.items():
            old = {"timezone": zone} | (left.pop(0).body if left else {"service_id": draft.service, "freq": WEEKLY})
            hours = {"byday": ",".join(days), "opens_at": stretch[0], "closes_at": stretch[1]}
            draft.write("schedule", old | hours, ",".join(f"hours_{day}" for day in days))
        for row in left:
            draft.drop("schedule", row.id)


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which the service is closed for some hours or the whole day, or open though it is usually closed."""

    name: str = "days"
    beside: str = "first"

    def shown(self, _draft: Draft) -> Typed:
        """Return empty fields for one more such day. No known row is marked to be removed."""
        return {**dict.fromkeys(DAY_FIELDS, ("",)), "gone": ()}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Remove the marked rows, and save a row for the new one."""
        for id in {row.id for row, _ in exceptions(draft)} & set(typed["gone"]):
            draft.drop("schedule", id)
        values = {name: strip_invisible(first(typed, name)) for name in DAY_FIELDS}
        if not any(value for name, value in values.items() if name != "how"):
            return
        body: Body = {
            "service_id": draft.service,
            "valid_from": values["first"],
            "valid_to": values["last"] or values["first"],
        }
        body |= {
            name: value for name, value in (("opens_at", values["opens"]), ("closes_at", values["closes"])) if value
        }
        zone = next((line.zone for _, line in _weekly(draft)), "") or draft.ground.country.zone
        if values["how"] == "open":
            draft.write("schedule", body | {"freq": WEEKLY, "byday": ",".join(DAYS), "timezone": zone}, "first")
            return
        id = draft.write("schedule", body | {"timezone": zone}, "first")
        closed = {"link_id": id, "link_entity": "schedule", "taxonomy_term_id": "closed:yes"}
        draft.write("attribute", closed, "first")


def exceptions(draft: Draft) -> list[tuple[Row, Opening]]:
    """Return the rows for certain days only that are not over."""
    today, found = draft.ground.today, _lines(draft)
    return [(row, line) for row, line in found if line.until and line.until >= today and line.since]


def further(draft: Draft) -> Sequence[tuple[Row, Opening]]:
    """Return the rows that no form shows: monthly ones, and those of every second week."""
    known = {row.id for row, _ in (*_weekly(draft), *exceptions(draft))}
    today = draft.ground.today
    return [(r, line) for r, line in _lines(draft) if r.id not in known and not (line.until and line.until < today)]


def stretch_of(line: Opening) -> str:
    """Return the hours of a row as people write them; empty if it is about whole days."""
    return "" if line.closed and line.opens == line.closes else _text([_stretch(line)])


def _lines(draft: Draft) -> list[tuple[Row, Opening]]:
    closing = {
        body["link_id"]
        for body in draft.rows.get("attribute", {}).values()
        if body.get("link_entity") == "schedule" and body.get("taxonomy_term_id") == "closed:yes"
    }
    read = [(row, opening_of(row, row.id in closing, [])) for row in draft.of_service("schedule")]
    return [(row, line) for row, line in read if line]


def _weekly(draft: Draft) -> list[tuple[Row, Opening]]:
    """Return the rows that hold each week from now on without end, all in the zone of the first one."""
    today = draft.ground.today
    found = [(row, line) for row, line in _lines(draft) if _is_plain(line, today)]
    return [(row, line) for row, line in found if line.zone == found[0][1].zone]


def _is_plain(line: Opening, today: date) -> bool:
    begun = all(start is None or start <= today for start in (line.since, line.starts))
    return (
        line.freq == WEEKLY and line.interval == 1 and not line.until and not line.closed and bool(line.days) and begun
    )


def _stretch(line: Opening) -> Stretch:
    closes = f"{line.closes:%H:%M}"
    return f"{line.opens:%H:%M}", "24:00" if closes == "00:00" else closes


def _text(stretches: Sequence[Stretch]) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in stretches)


def _stretches(typed: str) -> list[Stretch]:
    """Return the hours that were typed for a day. What is not a time stays as it is, so that the check names it."""
    parts = filter(None, (part.strip() for part in re.split("[,;]", strip_invisible(typed))))
    ends = (DASH.split(part, 1) for part in parts)
    return [(_time(each[0]), _closing(_time(each[1])) if each[1:] else "") for each in ends]


def _time(text: str) -> str:
    found = TIME.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else text


def _closing(text: str) -> str:
    return "24:00" if text == "00:00" else text
