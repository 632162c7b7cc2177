"""Changes facts of one service in the rows of HSDS, one topic a form: the same rows that a sheet would have."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from helpline.hsds.differences import Bodies
from helpline.hsds.ground import Ground
from helpline.hsds.profile import NEEDS, named
from helpline.hsds.tables import Body, Flaw, Row, Tables, gathered, said
from helpline.plain import plain

Typed = Mapping[str, Sequence[str]]
"""What stands in a form: the values of each field."""
SHORT_NAME = re.compile(r"short_name:(\w+)")


@dataclass(slots=True)
class Draft:
    """Rows in which a service is being changed. `places`: in which field of the form a row was written."""

    rows: dict[str, dict[str, Body]]
    service: str
    ground: Ground
    new_id: Callable[[], str]
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Bodies, service: str, ground: Ground, new_id: Callable[[], str]) -> "Draft":
        """Begin with rows, which stay as they are."""
        return cls({table: dict(listed) for table, listed in rows.items()}, service, ground, new_id)

    @property
    def tables(self) -> Tables:
        """The rows as they are by now. The place of one that was changed is its field."""
        places = self.places
        return gathered(
            Row(table, places.get((table, id), f"{table} {id}"), body)
            for table, listed in self.rows.items()
            for id, body in listed.items()
        )

    @property
    def row(self) -> Body:
        """The service's own row."""
        return self.rows["service"][self.service]

    def of_service(self, table: str) -> list[Row]:
        """Give the rows of a table that lead to the service."""
        return self.tables.linked(table, "service_id", self.service)

    def write(self, table: str, body: Body, place: str) -> str:
        """Write a row, a new one where it has no id; give its id."""
        id = said(body.get("id")) or self.new_id()
        self.rows.setdefault(table, {})[id] = {**body, "id": id}
        self.places[table, id] = place
        return id

    def drop(self, table: str, id: str) -> None:
        """Take a row out, and what is said about it."""
        self.rows[table].pop(id)
        about = self.rows.get("attribute", {})
        gone = [
            key for key, body in about.items() if (body.get("link_entity"), said(body.get("link_id"))) == (table, id)
        ]
        for key in gone:
            about.pop(key)

    def terms(self, taxonomy: str) -> dict[str, str]:
        """Give the codes of a list of ours that the service has, each with its value."""
        return {code: row.text("value") for row, code in self._attributes(taxonomy)}

    def say(self, taxonomy: str, wanted: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Let the service have just these codes of a list; `places`: the field of each."""
        found = set[str]()
        for row, code in self._attributes(taxonomy):
            if code not in wanted or code in found:
                self.drop("attribute", row.id)
            elif row.text("value") != wanted[code]:
                self.write("attribute", row.body | {"value": wanted[code]}, places[code])
            found.add(code)
        for code in (each for each in wanted if each not in found):
            body = {"link_id": self.service, "link_entity": "service", "taxonomy_term_id": f"{taxonomy}:{code}"}
            self.write("attribute", body | ({"value": wanted[code]} if wanted[code] else {}), places[code])

    def _attributes(self, taxonomy: str) -> list[tuple[Row, str]]:
        tables = self.tables
        about = ("service", self.service)
        own = [row for row in tables.of("attribute") if (row.text("link_entity"), row.text("link_id")) == about]
        return [(row, code) for row in own for of, code in [named(row, tables)] if of == taxonomy]


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


@dataclass(frozen=True, slots=True)
class Status:
    """Whether it is open at all."""

    name: str = "status"
    beside: str = "status"

    def shown(self, draft: Draft) -> Typed:
        """Give HSDS `service.status`."""
        return {"status": (said(draft.row.get("status")),)}

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
        names = {each.removeprefix("name_"): " ".join(plain(first(typed, each)).split()) for each in typed}
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
        most, rows = plain(first(typed, "capacity")), draft.of_service("service_capacity")
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


ANSWERS = {"child": "child_safeguarding", "hidden": "confidential_address"}


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


def _room(row: Row) -> str:
    return (row.text("maximum") or row.text("available")).removesuffix(".0")


def _yes(said: Mapping[str, str]) -> str:
    return "yes" if "yes" in said and "no" not in said else "no"
