"""Cases in the words of HTCDS 2.0, the Human Trafficking Case Data Standard, behind a gate of consent (R20, R29). Pure.

Nothing of a case goes to a data exchange unless she said yes to exactly that. The menus ask nobody for it, so the gate
lets no case through: an export holds the organisations, whose entries are public, and says why there is nothing else.
What would be written of a case is here all the same, so that whoever adds the question finds the gate before it.

No name, number, place or story is ever among it, and nothing of `vic_`: we label nobody (R37).

What there is of each request for the case standard; drills are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.core.languages import base_of
from helpline.directory.service import Service
from helpline.request.model import DRILL, OVER, Outcome, State, covers
from helpline.store.schema import request

VERSION = "HTCDS 2.0"
EXCHANGE = "data_exchange"
"""The kind of recipient that would have to be consented to."""
WHY = "No case is in this file: nobody was asked for consent to exactly this, and without it nothing of a case leaves."
KINDS: Mapping[str, str] = {"ngo": "NGO", "state": "CentralGovernmentOrganisation", "police": "LawEnforcement"}
GENDERS: Mapping[str, str] = {"woman": "Feminine", "man": "Masculine"}
LANGUAGES: Mapping[str, str] = {
    "en": "eng", "kk": "kaz", "ky": "kir", "ru": "rus", "tg": "tgk", "tk": "tuk", "uz": "uzb",
}  # fmt: skip
"""ISO 639-2, which the standard wants."""

Fields = Mapping[str, Any]


class NotConsented(Exception):
    """She did not say yes to this, or her consent has ended."""


@dataclass(frozen=True, slots=True)
class Case:
    """What there is of a request for this standard, with her consent."""

    state: State
    outcome: Outcome | None
    language: str
    sex: str
    created: datetime
    expires: datetime
    state_line: str


def export(services: Iterable[Service], cases: Iterable[Case], country: str, now: datetime) -> dict[str, Any]:
    """Give all that may leave: organisations, and the cases that the gate lets through."""
    through = list(_through(cases, now))
    made: dict[str, Any] = {"standard": VERSION, "made": now.date().isoformat()}
    return made | ({} if through else {"note": WHY}) | {
        "organisations": [organisation(each, country) for each in services], "cases": through,
    }  # fmt: skip


def _through(cases: Iterable[Case], now: datetime) -> Iterable[Fields]:
    for each in cases:
        try:
            yield case(each, now)
        except NotConsented:
            continue


def case(of: Case, now: datetime) -> Fields:
    """Write a case. Raises `NotConsented` where it may not leave: there is no other way to write one."""
    if not covers(EXCHANGE, of.expires, now, of.state_line):
        raise NotConsented
    return {
        "con_Consent": True,
        "cas_Status": _status(of),
        "cas_IncomingReferralDate": of.created.date().isoformat(),
        "prs_Gender": GENDERS.get(of.sex, "NonSpecifiedUnknown"),
        "prs_PrimaryLanguage": LANGUAGES.get(base_of(of.language), ""),
    }


def _status(of: Case) -> str:
    if of.outcome is Outcome.HANDED_OVER:
        return "ClosedReferred"
    if of.state in OVER:
        return "Closed"
    return "FollowUp" if of.state in (State.REACHED, State.FOLLOWING) else "Active"


def organisation(service: Service, country: str) -> Fields:
    """Write a service by what is public of it: no street, no town, no point (R41)."""
    names: Sequence[str] = [service.names.get("en", ""), *service.names.values(), service.id]
    made = {
        "org_Name": next(filter(None, names)), "org_Type": KINDS.get(service.kind, ""),
        "org_ShippingCountry": country, "org_Phone": service.public_phone,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value}


def rows(tx: Connection) -> list[Case]:
    """Give every request, the oldest first: the gate of `helpline.oversight.htcds` says which may leave."""
    names = ("state", "outcome", "language", "sex", "created", "expires", "state_line")
    rows = sa.select(*(request.c[name] for name in names)).where(request.c.kind != DRILL).order_by(request.c.created)
    return [Case(State(row.state), Outcome(row.outcome) if row.outcome else None, *row[2:]) for row in tx.execute(rows)]
