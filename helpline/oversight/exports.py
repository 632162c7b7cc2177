"""What leaves as a file: the directory (HSDS), and what of cases may leave (HTCDS).

Refused while the raid lock is on; each is written into the audit log in the transaction that reads.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.engine import Connection

from helpline.directory import records, services
from helpline.directory.hsds.files import as_csv, as_json
from helpline.directory.hsds.profile import terms_of
from helpline.directory.hsds.shelters import told_addresses
from helpline.directory.hsds.tables import Body, Row, gathered
from helpline.oversight import htcds
from helpline.staff import raid_lock
from helpline.store import audit_log

Tables = Mapping[str, Sequence[Body]]


class TellsWhere(Exception):
    """The directory tells where a shelter is: it may not leave (R41)."""


@dataclass(frozen=True, slots=True)
class Exports:
    """Gives what may leave of a country. `by`: the account or the name of whoever takes it."""

    country: str
    audit_key: bytes

    def directory(self, tx: Connection, by: str, now: datetime) -> Tables:
        """Give the directory as it was imported. Raises `Locked`, `TellsWhere`."""
        raid_lock.refuse_if_locked(tx)
        tables = {table: list(rows.values()) for table, rows in records.rows(tx, self.country).items()}
        if tells_where(tables, now.date()):
            raise TellsWhere
        audit_log.append(tx, self.audit_key, now, by, "export_directory", self.country)
        return tables

    def cases(self, tx: Connection, by: str, now: datetime) -> str:
        """Give what HTCDS may hold, as JSON. Raises `Locked`."""
        raid_lock.refuse_if_locked(tx)
        made = htcds.export(services.services(tx, self.country), htcds.rows(tx), self.country, now)
        audit_log.append(tx, self.audit_key, now, by, "export_htcds", self.country)
        return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def tells_where(tables: Tables, today: date) -> bool:
    """Tell whether a directory gives away the place of a shelter, however that came into it (R41)."""
    rows = gathered(Row(table, "export", body) for table, bodies in tables.items() for body in bodies)
    return any(told_addresses(rows, terms_of(rows, [], today)))


def packed(tables: Tables) -> bytes:
    """Pack a directory: one JSON file, and the same as CSV tables."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (("directory.json", as_json(tables)), *as_csv(tables)):
            made.writestr(zipfile.ZipInfo(name, datetime(2026, 1, 1, tzinfo=UTC).timetuple()[:6]), text)
    return file.getvalue()
