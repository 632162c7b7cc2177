"""The part of the directory that anybody may know, read from the database: for exports and the HTTP API."""

from datetime import date

from helpline.directory import records, services
from helpline.directory.hsds.draft import Bodies, tables_of
from helpline.directory.hsds.from_services import rows_of
from helpline.directory.hsds.profile import terms_of
from helpline.directory.hsds.public_fields import VERSIONS
from helpline.directory.hsds.public_form import PublicForm
from helpline.directory.hsds.shelters import told_addresses
from helpline.directory.hsds.tables import Tables
from helpline.staff import raid_lock
from helpline.store.engine import Tx


class ShelterAddressFound(Exception):
    """The directory contains the address of a shelter, so it must not be exported (R41)."""


def public_directory(tx: Tx, country: str, origin: str, version: str = VERSIONS[0]) -> PublicForm:
    """Return the published part of the directory. Raise `Locked` or `ShelterAddressFound`.

    `origin` is the address of this deployment: the UUIDs are made from it and the ids of the rows.
    """
    raid_lock.refuse_if_locked(tx)
    tables = tables_of(records.rows(tx, country) or _made_up(tx, country))
    if has_shelter_address(tables, tx.now.date()):
        raise ShelterAddressFound
    return PublicForm.of(tables, tx.now.date(), origin, version)


def _made_up(tx: Tx, country: str) -> Bodies:
    """Return rows for a directory that has none, as the demo's. Nobody's telephone is needed."""
    return rows_of(country, services.services(tx, country), [])


def has_shelter_address(tables: Tables, today: date) -> bool:
    """Whether any row of a directory shows where a shelter is (R41)."""
    return any(told_addresses(tables, terms_of(tables, [], today)))
