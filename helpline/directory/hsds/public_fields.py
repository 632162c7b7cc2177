"""Which fields of HSDS are published, and their values as the standard's JSON schema wants them.

Source of the types and code lists: openreferral/specification, `schema/*.json` of 3.0 and 3.1. A date is a text there,
and its description asks for year-month-day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from helpline.directory.hsds.tables import NUMBERS
from helpline.directory.opening_hours import DAYS

VERSIONS = ("3.0", "3.1")
"""The versions of HSDS that can be written. 3.1 adds how many people a service can take."""
SHOWN = ("active", "temporarily closed")
"""The states of a service that is published."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "organization": ("name", "alternate_name", "description", "website", "year_incorporated", "legal_status", "uri"),
    "service": (
        "name", "alternate_name", "description", "url", "status", "interpretation_services", "application_process",
        "fees_description", "accreditations", "eligibility_description", "minimum_age", "maximum_age", "assured_date",
        "alert",
    ),
    "location": ("location_type", "url", "name", "alternate_name", "description", "transportation", "latitude",
                 "longitude"),
    "address": ("address_1", "address_2", "city", "region", "state_province", "postal_code", "country",
                "address_type"),
    "phone": ("number", "extension", "type", "description"),
    "schedule": (
        "valid_from", "valid_to", "dtstart", "until", "count", "wkst", "freq", "interval", "byday", "bymonthday",
        "description", "schedule_link", "attending_type", "notes",
    ),
    "service_area": ("name", "description", "extent", "extent_type", "uri"),
    "language": ("name", "code", "note"),
    "required_document": ("document", "uri"),
    "service_at_location": ("description",),
    "service_capacity": ("available", "maximum", "description"),
    "unit": ("name", "scheme", "identifier", "uri"),
}  # fmt: skip
FREE_TEXTS = ("description", "schedule_link", "attending_type", "notes")
HIDDEN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "service": ("status", "minimum_age", "maximum_age", "assured_date"),
    "phone": ("number", "extension", "type"),
    "schedule": tuple(name for name in FIELDS["schedule"] if name not in FREE_TEXTS),
    "language": ("name", "code"),
    "service_capacity": ("available", "maximum"),
}
"""What is published of a shelter's rows. Free texts may tell the way, and its name is its short name (R41)."""
PUBLIC_TERMS = (
    "kind", "need", "service_type", "serves", "after_contact", "channel_ok", "child_safeguarding", "open_on_holidays",
    "short_name",
)  # fmt: skip
"""Our terms of a service that others may know. Agreements with us and who works there are not among them."""
ENUMS: Mapping[str, tuple[str, ...]] = {
    "status": ("active", "inactive", "defunct", "temporarily closed"),
    "location_type": ("physical", "postal", "virtual"),
    "address_type": ("physical", "postal", "virtual"),
    "wkst": DAYS,
    "freq": ("WEEKLY", "MONTHLY"),
}
DATES = frozenset({"assured_date", "valid_from", "valid_to", "dtstart", "until"})
URIS = frozenset({"url", "website", "uri", "schedule_link"})
PLAIN_URIS = frozenset({"service_area"})
"""Tables whose `uri` may be any text: ours holds the code of a place."""


def value_of(table: str, name: str, text: str) -> Any:
    """Return a value as the schema wants it; empty if the schema would refuse it."""
    if name in NUMBERS:
        return number_in(text)
    if name in DATES:
        return "" if (found := day_of(text[:10])) == date.min else found.isoformat()
    if name in ENUMS:
        return text if text in ENUMS[name] else ""
    if name in URIS and table not in PLAIN_URIS:
        return text if _is_uri(text) else ""
    return text


def number_in(text: str) -> Any:
    """Return a number; empty if the text is none."""
    try:
        number = float(text)
    except ValueError:
        return ""
    if number != number or number in {float("inf"), float("-inf")}:
        return ""
    return int(number) if number.is_integer() else number


def _is_uri(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and text.isascii() and " " not in text


def day_of(text: str) -> date:
    """Return a day; the first of all days if the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
