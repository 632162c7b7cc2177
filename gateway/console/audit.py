"""The audit log: who did what, when, about which id; whether the chain is intact; the heads sent to coordinators.

The log stores short action names. `texts_of` finds the sentence for each.
"""

import re
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.services import choices_of, names_of
from gateway.console.pages import draw, first_of, page_number
from helpline.accounts import invitations
from helpline.core.call_windows import instant
from helpline.directory.phone_changes import OUT
from helpline.request import requests
from helpline.request.model import DRILL
from helpline.staff import audit_report, contacts, lost_phones, people
from helpline.staff.audit_report import displayable
from helpline.staff.people import display_name
from helpline.staff.roles import Permission
from helpline.store import audit_log
from helpline.store.audit_log import Entry, Filter
from helpline.store.engine import Tx

HERE = "/audit"
A_PAGE = 50
FIELDS = ("who", "action", "ref", "service", "day")
MORNINGS = 14
LONG_ID = re.compile("[0-9a-f]{32}")
"""The id of a request, and of other things that have no name: a session, an entry of the register of harm."""
PAGES: Mapping[str, str] = {"raid": "lock.title", "requests": "requests.menu"}
"""The text that names the page of an act about no single request or account: the lock, a search that found nothing."""
HEAD = re.compile(f"[0-9a-f]{{{audit_log.HEAD_LETTERS}}}")
LOOKS_LIKE = str.maketrans("ol\u0430\u0441\u0435\u043e", "01ace0")
"""Letters that a head never has, and the character that each was read for: o, l and four Cyrillic ones."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is shown."""

    entry: Entry
    did: str
    """The action in words."""
    who: str
    """The actor's name."""
    id: str
    """What to search the actor by; empty if it must not be in an address."""
    about: str
    """The name of the account that it was about, the beginning of a long id, or a short id."""
    opens: str
    """The address of the request that it was about; empty if the reader may not open it, or it is not stored."""
    ref: str
    """What to search that by; empty if it must not be in an address."""
    is_request: bool
    """Whether it is about a request that is stored."""
    is_practice: bool
    """Whether it is about a practice request. That is not known any more when the request is purged."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page."""
    endpoints.add(HERE, show, Permission.AUDIT)


def show(visit: Visit) -> Response:
    """Show the rows that match, the newest first, each checked against the row before it.

    With `check=all` the whole chain is checked.
    """
    console, asked = visit.console, {name: first_of(request.args, name, 60).strip() for name in FIELDS}
    number, head = page_number(), head_of(first_of(request.args, "head", 20))
    looking, checking = any(asked.values()), request.args.get("check") == "all"
    with console.db.snapshot() if checking else console.db.read() as tx:  # a snapshot may take as long as it takes
        wanted = _wanted(tx, visit, asked)
        found = audit_log.page(tx, console.sign_in.audit_key, wanted, (number - 1) * A_PAGE, A_PAGE + 1)
        (count, newest), checks = audit_log.head(tx), audit_report.checks(tx, MORNINGS)
        broken = audit_log.broken_at(tx, console.sign_in.audit_key) if checking else None
        values: dict[str, Any] = {
            "lines": _lines(tx, visit, found[:A_PAGE]), "actions": _actions(tx, visit),
            "services": choices_of(tx, visit), "count": count, "newest": newest,
            "checks": checks, "head": head, "compared": _compared(tx, head) if head else "",
        }  # fmt: skip
    wrong = next((row.seq for row in reversed(found[:A_PAGE]) if not row.whole), None)
    kept = urlencode({name: said for name, said in asked.items() if said})
    return draw(
        visit, "audit.html", asked=asked, looking=looking, checking=checking, broken=broken, wrong=wrong, number=number,
        more=len(found) > A_PAGE, kept=kept, zone=ZoneInfo(console.zone), **values,
    )  # fmt: skip


def head_of(typed: str) -> str:
    """Return the head that somebody typed, without spaces, and with what the eye takes for another character mended."""
    return re.sub(r"\s", "", typed).lower().translate(LOOKS_LIKE)


def _compared(tx: Tx, head: str) -> str:
    """Return the name of the text about a head that was typed. A typing mistake is no proof that the log was rewritten.

    The alarm comes when a second one in a row is not found either.
    """
    if not HEAD.fullmatch(head):
        return "head_signs"
    if audit_log.has_head(tx, head):
        return "head_there"
    return "head_gone" if first_of(request.args, "again", 3) == "yes" else "head_again"


def _wanted(tx: Tx, visit: Visit, asked: Mapping[str, str]) -> Filter:
    since = _day(asked["day"], visit.zone)
    until = since + timedelta(days=1) if since else None
    about = re.sub(r"[\s№]", "", asked["ref"]).lower()
    ref = about if audit_log.SHORT_CODE.fullmatch(about) else asked["ref"]
    return Filter(_actors(tx, asked["who"]), _around(tx, asked["service"]), asked["action"], ref, since, until)


def _day(said: str, zone: ZoneInfo) -> datetime | None:
    """Return the beginning of a day, or None if the text is not a date."""
    try:
        return instant(date.fromisoformat(said), time(0), zone)
    except ValueError:
        return None


def _actors(tx: Tx, who: str) -> frozenset[str] | None:
    """Return the ids under which the people act whose login, id or part of a name was typed; None for everybody."""
    if not who:
        return None
    plain = who.casefold()
    same = [each for each in people.everybody(tx) if plain in (each.id, each.login) or plain in each.name.casefold()]
    return frozenset({who, plain, *(each.id for each in same), *(each.contact for each in same if each.contact)})


def _around(tx: Tx, service: str) -> frozenset[str] | None:
    """Return the ids of a service, its telephones and its accounts; None for every service."""
    if not service:
        return None
    phones = [each.id for each in contacts.of_service(tx, service)]
    return frozenset({service, *phones, *people.of_service(tx, service)})


def _lines(tx: Tx, visit: Visit, found: Sequence[Entry]) -> Sequence[Line]:
    names = {each: displayable(display_name(tx, each, visit.language)) for each in {row.actor for row in found}}
    refs = {row.ref for row in found}
    named = _named(tx, visit, refs)
    ends = lost_phones.ends(tx, {row.at for row in found if row.action == OUT})
    stored = requests.of_ids(tx, refs)
    known, practice = {each.id for each in stored}, {each.id for each in stored if each.kind == DRILL}
    open_to = known - practice if visit.person.may(Permission.ALL_CASES) else frozenset()
    return [
        Line(row, _did(visit, row.action), names[row.actor], _searched(row.actor), _about(row, named, ends),
             f"/requests/{row.ref}" if row.ref in open_to else "", _searched(row.ref), row.ref in known,
             row.ref in practice)
        for row in found
    ]  # fmt: skip


def _named(tx: Tx, visit: Visit, refs: Set[str]) -> dict[str, str]:
    """Return the names of those of these ids that are services, telephones, accounts or stored invitations.

    An act that was about no single one of them is named by its page.
    """
    phones = {each.id: each.name(visit.language) for each in contacts.of_kind(tx, "service", visit.console.country)}
    services = names_of(tx, visit)
    say = visit.console.texts.say
    pages = {ref: say(visit.language, text) for ref, text in PAGES.items()}
    return pages | phones | services | invitations.names(tx, refs) | people.names(tx, refs)


def _about(row: Entry, named: Mapping[str, str], ends: Mapping[datetime, str]) -> str:
    """Return what a row is about: a name, or an id. A request is known by the beginning of its id, as on other pages.

    A telephone that was removed is told apart by its last two digits.
    """
    name = displayable(named.get(row.ref, row.ref))
    if LONG_ID.fullmatch(name):
        return name[: audit_log.SHORT_LETTERS]
    return f"{name}, …{ends[row.at]}" if row.action == OUT and row.at in ends else name


def _actions(tx: Tx, visit: Visit) -> Sequence[tuple[str, str]]:
    """Return each action in the log with its text, sorted by the text."""
    return sorted(((each, _did(visit, each)) for each in audit_log.actions(tx)), key=lambda row: row[1])


def _did(visit: Visit, action: str) -> str:
    """Return an action in the reader's language, or its name if an older version wrote it and it has no text."""
    texts = visit.console.texts
    said = (texts.say(visit.language, each) for each in texts_of(action, texts.english))
    return ": ".join(said) or action


def _searched(written: str) -> str:
    """Return what to search an actor or a ref by: nothing that could be a phone number may be in an address."""
    return written if displayable(written) == written else ""


WITH_WHY: Mapping[str, tuple[str, str]] = {
    "give": ("audit.did.give", "requests.ground"),
    "override": ("audit.did.override", "requests.ground"),
    "pass": ("cases.outcome.pass", "cases.reason"),
    "edited": ("audit.did.edited", "edit.topics"),
}
"""Actions with a reason in their name (`pass_full`): the text of the action, and the section with the reasons."""


def texts_of(action: str, known: Container[str]) -> tuple[str, ...]:
    """Return the names of an action's texts: one, or two if it has a reason; none if they are not `known`."""
    kind, _, why = action.partition("_")
    first, reasons = WITH_WHY.get(kind, ("", ""))
    ways = ((f"audit.did.{action}",), (f"cases.outcome.{action}",), (first, f"{reasons}.{why}"))
    return next((way for way in ways if all(f"console.{each}" in known for each in way)), ())
