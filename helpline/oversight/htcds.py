"""Export cases as HTCDS 2.0, the Human Trafficking exported_cases.Case Data Standard, only with consent (R20, R29).

Nothing about a case goes to a data exchange unless the caller agreed to exactly that. The menus do not ask for this
consent, so no case is exported. The file contains the organisations, whose entries are public, and says why there are
no cases. The code for cases is here all the same, so that a future consent question meets this check.

An export never contains a name, number, place or story, nor any `vic_` field: nobody is labelled a victim (R37).
Drills are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from helpline.core.languages import base_of
from helpline.directory.hsds.public_form import PublicForm
from helpline.directory.hsds.tables import Body
from helpline.oversight import exported_cases
from helpline.request.model import OVER, Outcome, State, covers

VERSION = "HTCDS 2.0"
EXCHANGE = "data_exchange"
"""The kind of recipient that a caller would have to agree to."""
WHY = (
    "This file contains no case: no caller was asked for consent to this exchange, and without it no case is exported."
)
KINDS: Mapping[str, str] = {"ngo": "NGO", "state": "CentralGovernmentOrganisation", "police": "LawEnforcement"}
GENDERS: Mapping[str, str] = {"woman": "Feminine", "man": "Masculine"}
LANGUAGES: Mapping[str, str] = {
    "en": "eng", "kk": "kaz", "ky": "kir", "ru": "rus", "tg": "tgk", "tk": "tuk", "uz": "uzb",
}  # fmt: skip
"""ISO 639-2 codes, as the standard requires."""

Fields = Mapping[str, Any]


class NotConsented(Exception):
    """The caller did not agree to this exchange, or the consent has expired."""


def export(public: PublicForm, cases: Iterable[exported_cases.Case], country: str, now: datetime) -> dict[str, Any]:
    """Return the organisations, their services, and the cases whose callers agreed.

    The standard knows no services, so `services` is ours: it says which organisation runs each.
    """
    consented = list(_with_consent(cases, now))
    made: dict[str, Any] = {"standard": VERSION, "made": now.date().isoformat()}
    return made | ({} if consented else {"note": WHY}) | {
        "organisations": list(organisations(public.services, country)),
        "services": [service(each) for each in public.services], "cases": consented,
    }  # fmt: skip


def _with_consent(cases: Iterable[exported_cases.Case], now: datetime) -> Iterable[Fields]:
    for each in cases:
        try:
            yield case(each, now)
        except NotConsented:
            continue


def case(of: exported_cases.Case, now: datetime) -> Fields:
    """Return the fields of a case. Raise `NotConsented` if it must not leave. No other function returns them."""
    if not covers(EXCHANGE, of.expires, now, of.state_line):
        raise NotConsented
    return {
        "con_Consent": True,
        "cas_Status": _status(of),
        "cas_IncomingReferralDate": of.created.date().isoformat(),
        "prs_Gender": GENDERS.get(of.sex, "NonSpecifiedUnknown"),
        "prs_PrimaryLanguage": LANGUAGES.get(base_of(of.language), ""),
    }


def _status(of: exported_cases.Case) -> str:
    if of.outcome is Outcome.HANDED_OVER:
        return "ClosedReferred"
    if of.state in OVER:
        return "Closed"
    return "FollowUp" if of.state in (State.REACHED, State.FOLLOWING) else "Active"


def organisations(services: Sequence[Body], country: str) -> Iterator[Fields]:
    """Yield the public fields of each organisation once: no street, no town, no coordinates (R41)."""
    seen = set()
    for each in services:
        if "organization" in each and each["organization_id"] not in seen:
            seen.add(each["organization_id"])
            made = {
                "org_Name": each["organization"]["name"], "org_Type": _kind(each), "org_ShippingCountry": country,
            }  # fmt: skip
            yield {name: value for name, value in made.items() if value}


def service(of: Body) -> Fields:
    """Return the name of a service, of its organisation, and its public telephones."""
    phones = [each["number"] for each in of.get("phones", ())]
    owner = of.get("organization", {}).get("name", "")
    return {"name": of["name"]} | ({"org_Name": owner} if owner else {}) | ({"phones": phones} if phones else {})


def _kind(service: Body) -> str:
    codes = (each["taxonomy_term"]["code"] for each in service.get("attributes", ()))
    return next((KINDS[code.removeprefix("kind:")] for code in codes if code.removeprefix("kind:") in KINDS), "")
