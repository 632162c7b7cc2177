"""The facts of a service that are edited at the console: one topic is one form. Its hours are in `edited_hours`.

A form shows the present values and a version of them, so an edit by somebody else in between is noticed.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpline.core.typed_text import strip_invisible
from helpline.directory.hsds.draft import Draft
from helpline.directory.hsds.profile import NEEDS, STANDS_ALONE
from helpline.directory.hsds.tables import Flaw, Row, as_text

Typed = Mapping[str, Sequence[str]]
"""The values of each field of a form."""
SHORT_NAME = re.compile(r"short_name:(\w+)")


class Topic(Protocol):
    """What one form is about."""

    @property
    def name(self) -> str:
        """Its name in addresses, in texts and in the audit log."""

    def shown(self, draft: Draft) -> Typed:
        """Return the values that the form shows at first, for all its fields."""

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save what was typed in the fields that differ from what was shown."""

    @property
    def beside(self) -> str:
        """The field beside which a flaw is shown that is in no row of the form."""


def first(typed: Typed, name: str) -> str:
    """Return the first value of a field; empty if there is none."""
    return next(iter(typed.get(name, ())), "")


def beside(topic: Topic, flaw: Flaw) -> str:
    """Return the field beside which a flaw is shown that is in no row of the form."""
    if topic.name == "people" and flaw.field == "maximum_age":
        return flaw.field
    if topic.name == "safety" and STANDS_ALONE in flaw.what:
        return "after"
    language = SHORT_NAME.search(flaw.what)
    return f"name_{language[1]}" if language and topic.name == "names" else topic.beside


def version(shown: Typed) -> str:
    """Return a hash of what a form showed.

    If it differs when the form is sent, somebody has changed the values meanwhile.
    """
    text = json.dumps({name: list(values) for name, values in shown.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def changed(was: Typed, now: Typed) -> list[str]:
    """Return the names of the fields that differ. The fields of all days, and of all languages, count as one each."""
    return sorted(
        {name.partition("_")[0] for name in {**was, **now} if list(was.get(name, ())) != list(now.get(name, ()))}
    )


ANSWERS = {"child": "child_safeguarding", "hidden": "confidential_address"}


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the service is open at all."""

    name: str = "status"
    beside: str = "status"

    def shown(self, draft: Draft) -> Typed:
        """Return HSDS `service.status`."""
        return {"status": (as_text(draft.row.get("status")),)}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save it in its row."""
        draft.write("service", draft.row | {"status": first(typed, "status")}, "status")


@dataclass(frozen=True, slots=True)
class Names:
    """The short names, in the languages of the country."""

    name: str = "names"
    beside: str = "name"

    def shown(self, draft: Draft) -> Typed:
        """Return a field for each required language, and for each other language that has a name."""
        there = draft.terms("short_name")
        return {f"name_{base}": (there.get(base, ""),) for base in dict.fromkeys([*draft.ground.bases, *there])}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save the names that are not empty, each on one line, without invisible letters."""
        fields = [each for each in typed if each.startswith("name_")]
        names = {each.removeprefix("name_"): " ".join(strip_invisible(first(typed, each)).split()) for each in fields}
        wanted = {base: name for base, name in names.items() if name}
        draft.say("short_name", wanted, {base: f"name_{base}" for base in wanted})


@dataclass(frozen=True, slots=True)
class Speaks:
    """The languages that are spoken there."""

    name: str = "speaks"
    beside: str = "speaks"

    def shown(self, draft: Draft) -> Typed:
        """Return the languages of the service itself. Those of its telephones count as well."""
        rows = draft.of_service("language")
        return {"speaks": tuple(dict.fromkeys(draft.ground.language(row.text("code")) for row in rows))}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Remove the languages that are no longer spoken, and add the new ones."""
        there = {row.id: draft.ground.language(row.text("code")) for row in draft.of_service("language")}
        draft.keep_only("language", "code", there, typed["speaks"], "speaks")


@dataclass(frozen=True, slots=True)
class Needs:
    """What the service helps with."""

    name: str = "needs"
    beside: str = "needs"

    def shown(self, draft: Draft) -> Typed:
        """Return the needs that Komek knows."""
        return {"needs": tuple(sorted(NEEDS & draft.terms("need").keys()))}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save one term for each."""
        draft.say("need", dict.fromkeys(typed["needs"], ""), dict.fromkeys(typed["needs"], "needs"))


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many requests the service can hold at once."""

    name: str = "capacity"
    beside: str = "capacity"

    def shown(self, draft: Draft) -> Typed:
        """Return the capacity: the least of several. Empty means that no limit is set."""
        found = [_room(row) for row in draft.of_service("service_capacity")]
        least = min(found, key=lambda text: (not text.isdigit(), int(text) if text.isdigit() else 0), default="")
        return {"capacity": (least,)}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Replace all limits of the service by this one, which people can understand."""
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
    """Who may be sent there, and what follows when somebody turns to the service."""

    name: str = "safety"
    beside: str = "hidden"

    def shown(self, draft: Draft) -> Typed:
        """Return the two answers, and what is known to follow: nothing if nobody has said.

        The place of a shelter is hidden whatever its row says (R41), so the form must not show *no*.
        """
        yes = {name: _yes(draft.terms(taxonomy)) for name, taxonomy in ANSWERS.items()}
        if "safe_place" in draft.terms("need") or "safehouse_service" in draft.terms("service_type"):
            yes["hidden"] = "yes"
        return {
            **{name: (answer,) for name, answer in yes.items()},
            "after": tuple(sorted(draft.terms("after_contact"))),
        }

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save what differs."""
        was = self.shown(draft)
        for name, taxonomy in ANSWERS.items():
            if (answer := first(typed, name)) != first(was, name):
                draft.say(taxonomy, {answer: ""}, {answer: name})
        if set(typed["after"]) != set(was["after"]):
            draft.say("after_contact", dict.fromkeys(typed["after"], ""), dict.fromkeys(typed["after"], "after"))


def _room(row: Row) -> str:
    return (row.text("maximum") or row.text("available")).removesuffix(".0")


def _yes(terms: Mapping[str, str]) -> str:
    return "yes" if "yes" in terms and "no" not in terms else "no"
