"""The facts of a service that are changed at the console, one topic a form. Its hours: `edited_hours`.

What a form about one topic of a service is: what stands in it, what was typed, and whether somebody was faster.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpline.core.typed_text import strip_invisible
from helpline.directory.hsds.draft import Draft
from helpline.directory.hsds.profile import NEEDS
from helpline.directory.hsds.tables import Flaw, Row, as_text

Typed = Mapping[str, Sequence[str]]
"""What stands in a form: the values of each field."""
SHORT_NAME = re.compile(r"short_name:(\w+)")


class Topic(Protocol):
    """What one form is about."""

    @property
    def name(self) -> str:
        """Its name in addresses, in texts and in the audit log."""

    def shown(self, draft: Draft) -> Typed:
        """Give what stands in the form at first, in every field that it has."""

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Take up what was typed, in the fields that differ from what was shown."""

    @property
    def beside(self) -> str:
        """The field beside which a flaw is said that is in no row of the form."""


def first(typed: Typed, name: str) -> str:
    """Give the first value of a field, empty where there is none."""
    return next(iter(typed.get(name, ())), "")


def beside(topic: Topic, flaw: Flaw) -> str:
    """Give the field beside which a flaw is said that is in no row of the form."""
    language = SHORT_NAME.search(flaw.what)
    return f"name_{language[1]}" if language and topic.name == "names" else topic.beside


def version(shown: Typed) -> str:
    """Name what a form showed, so that whoever sends it can be told when somebody has changed it meanwhile."""
    said = json.dumps({name: list(values) for name, values in shown.items()}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def changed(was: Typed, now: Typed) -> list[str]:
    """Name the fields that differ; the fields of days and of languages are one each."""
    return sorted(
        {name.partition("_")[0] for name in {**was, **now} if list(was.get(name, ())) != list(now.get(name, ()))}
    )


ANSWERS = {"child": "child_safeguarding", "hidden": "confidential_address"}


@dataclass(frozen=True, slots=True)
class Status:
    """Whether it is open at all."""

    name: str = "status"
    beside: str = "status"

    def shown(self, draft: Draft) -> Typed:
        """Give HSDS `service.status`."""
        return {"status": (as_text(draft.row.get("status")),)}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Write it into its row."""
        draft.write("service", draft.row | {"status": first(typed, "status")}, "status")


@dataclass(frozen=True, slots=True)
class Names:
    """Its short names, in the languages of the country."""

    name: str = "names"
    beside: str = "name"

    def shown(self, draft: Draft) -> Typed:
        """Give a field for each language that it must have a name in, and for those that it has one in besides."""
        there = draft.terms("short_name")
        return {f"name_{base}": (there.get(base, ""),) for base in dict.fromkeys([*draft.ground.bases, *there])}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Write what is not empty, on one line, without letters that nobody sees."""
        names = {each.removeprefix("name_"): " ".join(strip_invisible(first(typed, each)).split()) for each in typed}
        wanted = {base: name for base, name in names.items() if name}
        draft.say("short_name", wanted, {base: f"name_{base}" for base in wanted})


@dataclass(frozen=True, slots=True)
class Speaks:
    """Languages that are spoken there."""

    name: str = "speaks"
    beside: str = "speaks"

    def shown(self, draft: Draft) -> Typed:
        """Give the languages of the service itself; those of its telephones count, too."""
        rows = draft.of_service("language")
        return {"speaks": tuple(dict.fromkeys(draft.ground.language(row.text("code")) for row in rows))}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Drop what is spoken no more, and add what is new."""
        there = {row.id: draft.ground.language(row.text("code")) for row in draft.of_service("language")}
        for id in (id for id, code in there.items() if code not in typed["speaks"]):
            draft.drop("language", id)
        for code in (code for code in typed["speaks"] if code not in there.values()):
            draft.write("language", {"service_id": draft.service, "code": code}, "speaks")


@dataclass(frozen=True, slots=True)
class Needs:
    """What it helps with."""

    name: str = "needs"
    beside: str = "needs"

    def shown(self, draft: Draft) -> Typed:
        """Give the needs that are known here."""
        return {"needs": tuple(sorted(NEEDS & draft.terms("need").keys()))}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Write one term for each."""
        draft.say("need", dict.fromkeys(typed["needs"], ""), dict.fromkeys(typed["needs"], "needs"))


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many requests it can hold at once."""

    name: str = "capacity"
    beside: str = "capacity"

    def shown(self, draft: Draft) -> Typed:
        """Give the most that it holds; of several kinds of room the least. Empty: no limit is set."""
        found = [_room(row) for row in draft.of_service("service_capacity")]
        least = min(found, key=lambda text: (not text.isdigit(), int(text) if text.isdigit() else 0), default="")
        return {"capacity": (least,)}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Write it in place of all limits that the service had: one that people can see through."""
        most, rows = strip_invisible(first(typed, "capacity")), draft.of_service("service_capacity")
        for row in rows[1:] if most else rows:
            draft.drop("service_capacity", row.id)
        if not most:
            return
        unit = rows[0].text("unit_id") if rows else next(iter(draft.rows.get("unit", {})), "")
        unit = unit or draft.write("unit", {"id": "request", "name": "Request"}, "capacity")
        old = rows[0].body if rows else {"service_id": draft.service}
        body = old | {"unit_id": unit, "available": most, "maximum": most, "updated": draft.ground.today.isoformat()}
        draft.write("service_capacity", body, "capacity")


@dataclass(frozen=True, slots=True)
class Safety:
    """Who may be sent there, and what follows when one turns to it."""

    name: str = "safety"
    beside: str = "hidden"

    def shown(self, draft: Draft) -> Typed:
        """Give two answers, and what is known to follow: nothing where nobody has said."""
        yes = {name: _yes(draft.terms(taxonomy)) for name, taxonomy in ANSWERS.items()}
        return {
            **{name: (answer,) for name, answer in yes.items()},
            "after": tuple(sorted(draft.terms("after_contact"))),
        }

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Write what differs."""
        was = self.shown(draft)
        for name, taxonomy in ANSWERS.items():
            if (answer := first(typed, name)) != first(was, name):
                draft.say(taxonomy, {answer: ""}, {answer: name})
        if set(typed["after"]) != set(was["after"]):
            draft.say("after_contact", dict.fromkeys(typed["after"], ""), dict.fromkeys(typed["after"], "after"))


def _room(row: Row) -> str:
    return (row.text("maximum") or row.text("available")).removesuffix(".0")


def _yes(said: Mapping[str, str]) -> str:
    return "yes" if "yes" in said and "no" not in said else "no"
