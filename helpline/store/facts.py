"""A service as the column `service.facts` has it: what matching and promises need. The public process reads it, so
names and telephones are not in it, but for those that may be told to anybody."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, time
from typing import Any

from helpline.directory import Service
from helpline.schedule import Opening

DEFAULTS = {field.name: field.default for field in fields(Opening) if field.default is not MISSING}


def facts_of(each: Service) -> dict[str, Any]:
    """Give a service as JSON, without what the public process must not read."""
    return {
        "kind": each.kind, "languages": list(each.languages), "needs": sorted(each.needs), "at": list(each.at),
        "regions": sorted(each.regions), "zone": each.zone, "assured": each.assured.isoformat(), "status": each.status,
        "child_safeguarding": each.child_safeguarding, "abroad": sorted(each.abroad), "sexes": sorted(each.sexes),
        "shows": each.shows, "public_phone": each.public_phone,
        "names": dict(each.names) if each.public_phone else {}, "language": each.language,
        "serves": sorted(each.serves), "documents": sorted(each.documents), "minimum_age": each.minimum_age,
        "maximum_age": each.maximum_age, "capacity": each.capacity,
        "after_contact": None if each.after_contact is None else sorted(each.after_contact),
        "schedule": [_line(opening) for opening in each.schedule], "holidays": sorted(each.holidays),
        "callback": each.callback, "reached": each.reached,
    }  # fmt: skip


def _line(opening: Opening) -> dict[str, Any]:
    """Give one line of a schedule without what goes without saying."""
    said = {field.name: getattr(opening, field.name) for field in fields(Opening)}
    return {name: _plain(value) for name, value in said.items() if value != DEFAULTS.get(name, ...)}


def _plain(value: object) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _opening(line: Mapping[str, Any]) -> Opening:
    read: dict[str, Any] = dict(line)
    read |= {name: frozenset(read[name]) for name in ("days", "month_days") if name in read}
    read |= {name: time.fromisoformat(read[name]) for name in ("opens", "closes")}
    read |= {name: date.fromisoformat(read[name]) for name in ("starts", "since", "until") if name in read}
    return Opening(**read)


def service_of(id: str, facts: Mapping[str, Any]) -> Service:
    """Give a service as it was written."""
    bare = Service(
        id=id, names=facts["names"], kind=facts["kind"], phone="", languages=tuple(facts["languages"]),
        needs=frozenset(facts["needs"]),
        regions=frozenset(facts["regions"]), at=(facts["at"][0], facts["at"][1]), zone=facts["zone"], schedule=(),
        assured=date.fromisoformat(facts["assured"]), status=facts["status"],
        child_safeguarding=facts["child_safeguarding"], abroad=frozenset(facts["abroad"]),
        sexes=frozenset(facts["sexes"]), shows=facts["shows"], public_phone=facts["public_phone"],
        language=facts["language"], serves=frozenset(facts.get("serves", ())),
        documents=frozenset(facts.get("documents", ())), minimum_age=facts.get("minimum_age"),
        maximum_age=facts.get("maximum_age"), capacity=facts.get("capacity"),
        after_contact=None if (after := facts.get("after_contact")) is None else frozenset(after),
        holidays=frozenset(facts.get("holidays", ())), callback=facts.get("callback", True),
        reached=facts.get("reached", True),
    )  # fmt: skip
    return replace(bare, schedule=tuple(map(_opening, facts["schedule"])))
