"""The rows of a directory: those that were imported, or for the demo's, which has none, those of its services."""

from helpline.directory import records, services
from helpline.directory.hsds.draft import Bodies
from helpline.directory.hsds.from_services import rows_of
from helpline.staff import contacts
from helpline.store.engine import Tx


def or_made(tx: Tx, country: str, rows: Bodies) -> Bodies:
    """Return the rows of a country. A directory without rows, as the demo's, gets its rows at the first change."""
    if rows:
        return rows
    people = [contact for kind in ("service", "coordinator") for contact in contacts.of_kind(tx, kind, country)]
    return rows_of(country, services.services(tx, country), people)


def save(tx: Tx, country: str) -> None:
    """Save the rows of a directory that has none, so that a service keeps its name without a telephone."""
    if records.is_empty(tx, country):
        records.replace(tx, country, or_made(tx, country, {}))
