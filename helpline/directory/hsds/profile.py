"""Our profile: what HSDS has no field for, as terms of taxonomies, put on rows by `attribute`.

docs/directory.md tells people what each term decides. A term is `taxonomy:code` in `attribute.taxonomy_term_id`, as
`need:wages`. Or that field links to a row of `taxonomy_term` with this code, in a taxonomy of this name. Terms of other
taxonomies are stored and decide nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from helpline.core.languages import LANGUAGES
from helpline.directory.hsds.files import near
from helpline.directory.hsds.tables import REQUIRED, Body, Flaw, Row, Tables
from menus.draft import ANSWERS

NEEDS = frozenset(ANSWERS["need"] or ()) - {"not_sure"}
YES = ("yes", "no")
SERVICE_TYPES = (
    "safehouse_service", "health_medical_service", "psychosocial_service", "police_other_service",
    "legal_assistance_service", "livelihoods_service", "child_protection_service", "family_seunification_service",
    "education_service", "nfi_clothes_shoes_service", "water_sanitation_service", "registration_service",
    "food_service", "other_service", "srh_service", "post_rape_care", "migrant_document_help", "voluntary_return",
    "unpaid_wages_help",
)  # fmt: skip
"""Primero's list (`lookup-service-type`, its spelling), without mediation in families, and with five codes of our
own."""
NOTHING_FOLLOWS = "nothing_follows"
STANDS_ALONE = f"{NOTHING_FOLLOWS} stands alone"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One of our lists of codes."""

    codes: tuple[str, ...]
    on: tuple[str, ...]
    """The tables whose rows may have it."""
    about: str
    """What it says of a row."""
    valued: str = ""
    """What `attribute.value` must hold; empty if no value is needed."""


PROFILE: Mapping[str, Taxonomy] = {
    "need": Taxonomy(tuple(sorted(NEEDS)), ("service",), "What it helps with"),
    "service_type": Taxonomy(SERVICE_TYPES, ("service",), "What kind of service it is"),
    "serves": Taxonomy(
        ("women", "men", "children", "lgbt", "foreigners", "undocumented"), ("service",), "Who it serves"
    ),
    "after_contact": Taxonomy(
        ("reports_to_police", "may_contact_offender", "registers_identity", "needs_official_status", "anonymous_ok",
         NOTHING_FOLLOWS),
        ("service",), "What follows when somebody turns to it",
    ),
    "channel_ok": Taxonomy(("callback", "walk_in"), ("service",), "How people can reach it"),
    "kind": Taxonomy(("ngo", "state", "police"), ("service",), "Who runs it"),
    "operator_sex": Taxonomy(("woman", "man"), ("service",), "Who can call from there"),
    "caller_shows": Taxonomy(("number", "hidden"), ("service",), "What a phone shows when it calls"),
    "child_safeguarding": Taxonomy(YES, ("service",), "It is prepared for people under 18"),
    "confidential_address": Taxonomy(YES, ("service",), "Its place is secret"),
    "accepts_numbers_by_sms": Taxonomy(
        YES, ("service",), "It agreed in writing to get numbers of callers by SMS",
        valued="the day on which it agreed in writing, as 2026-11-24",
    ),
    "open_on_holidays": Taxonomy(YES, ("service",), "It is open on public holidays, too"),
    "short_name": Taxonomy(
        tuple(sorted({each.base for each in LANGUAGES.values()})), ("service", "contact"),
        "Its name in texts, by language", valued="the name",
    ),
    "phone_use": Taxonomy(("public",), ("phone",), "This telephone may be told to anybody"),
    "closed": Taxonomy(YES, ("schedule",), "This row closes what others open"),
    "coordinator": Taxonomy(YES, ("contact",), "Is called when no service takes a request"),
}  # fmt: skip


@dataclass(slots=True)
class Terms:
    """What our terms say of each row."""

    values: dict[tuple[str, str], dict[str, dict[str, str]]] = field(default_factory=dict)
    """By table and id, then by taxonomy, then by code."""

    def of(self, table: str, id: str, taxonomy: str) -> Mapping[str, str]:
        """Return the codes of a row in a taxonomy, each with its value."""
        return self.values.get((table, id), {}).get(taxonomy, {})

    def yes(self, table: str, id: str, taxonomy: str) -> bool:
        """Whether something holds. If nobody said so, it does not."""
        return "yes" in (found := self.of(table, id, taxonomy)) and "no" not in found


def terms_of(tables: Tables, flaws: list[Flaw], today: date) -> Terms:
    """Return the terms of all attributes of our profile. What is wrong with one is added to `flaws`."""
    terms, nothing = Terms(), list[tuple[tuple[str, str], Row]]()
    for row in tables.of("attribute"):
        taxonomy, code = taxonomy_and_code(row, tables)
        if taxonomy not in PROFILE:
            continue
        wrong = list(_wrong(row, taxonomy, code, today))
        flaws += wrong
        if not wrong:
            at = (row.text("link_entity"), row.text("link_id"))
            terms.values.setdefault(at, {}).setdefault(taxonomy, {})[code] = row.text("value")
            if (taxonomy, code) == ("after_contact", NOTHING_FOLLOWS):
                nothing.append((at, row))
    for at, row in nothing:
        if len(said := terms.of(*at, "after_contact")) > 1:
            others = ", ".join(sorted(said.keys() - {NOTHING_FOLLOWS}))
            flaws.append(row.flaw("taxonomy_term_id", f"{STANDS_ALONE}, but there is also {others}; keep what is true"))
    return terms


def is_term(id: str) -> bool:
    """Whether an id names a term of our taxonomies and not a row."""
    return id.partition(":")[0] in PROFILE and ":" in id


def taxonomy_and_code(row: Row, tables: Tables) -> tuple[str, str]:
    """Return the taxonomy and the code of an attribute; empty texts if its link leads nowhere."""
    id = row.text("taxonomy_term_id")
    if is_term(id):
        taxonomy, _, code = id.partition(":")
        return taxonomy, code
    term = tables.get("taxonomy_term", id)
    if term is None:
        return "", ""
    listed = tables.get("taxonomy", term.text("taxonomy_id"))
    return (listed.text("name") if listed else term.text("taxonomy")), term.text("code")


def _wrong(row: Row, taxonomy: str, code: str, today: date) -> Iterator[Flaw]:
    listed = PROFILE[taxonomy]
    if code not in listed.codes:
        known = ", ".join(listed.codes)
        yield row.flaw(
            "taxonomy_term_id", f"{code!r} is not a term of {taxonomy}{near(code, listed.codes)}; known: {known}"
        )
    elif (entity := row.text("link_entity")) in REQUIRED and entity not in listed.on:
        yield row.flaw("link_entity", f"{taxonomy} is for rows of {' or '.join(listed.on)}")
    elif listed.valued and code != "no" and not row.text("value"):
        yield row.flaw("value", f"{taxonomy}:{code} needs {listed.valued}")
    elif taxonomy == "accepts_numbers_by_sms" and code == "yes" and not _is_past(row.text("value"), today):
        yield row.flaw("value", f"{row.text('value')!r} is not {listed.valued}; it must not be in the future (R32)")


def _is_past(value: str, today: date) -> bool:
    try:
        return date.fromisoformat(value) <= today
    except ValueError:
        return False


def rows() -> Iterator[tuple[str, Body]]:
    """Yield our taxonomies as rows of HSDS, for other readers of the directory."""
    for name, listed in PROFILE.items():
        yield "taxonomy", {"id": name, "name": name, "description": listed.about}
        for code in listed.codes:
            body = {"id": f"{name}:{code}", "code": code, "name": code, "description": listed.about}
            yield "taxonomy_term", {**body, "taxonomy_id": name}
