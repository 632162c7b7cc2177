"""Export the directory (HSDS) and the part of cases that may leave (HTCDS).

Exports are refused while the raid lock is on. Each is stored in the audit log in the transaction that reads the data.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from helpline.directory import records
from helpline.directory.hsds.files import as_csv, as_json
from helpline.directory.hsds.tables import Body, Row, tables_from
from helpline.oversight import exported_cases, htcds
from helpline.oversight.public_directory import ShelterAddressFound, has_shelter_address, public_directory
from helpline.staff import raid_lock
from helpline.store import audit_log
from helpline.store.engine import Tx

Tables = Mapping[str, Sequence[Body]]


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports of one country. `by`: the account or the name of the person who exports."""

    country: str
    audit_key: bytes

    def directory(self, tx: Tx, by: str) -> Tables:
        """Return the directory as it was imported. Raise `Locked` or `ShelterAddressFound`."""
        raid_lock.refuse_if_locked(tx)
        tables = {table: list(rows.values()) for table, rows in records.rows(tx, self.country).items()}
        rows = tables_from(Row(table, "export", body) for table, bodies in tables.items() for body in bodies)
        if has_shelter_address(rows, tx.now.date()):
            raise ShelterAddressFound
        audit_log.append(tx, self.audit_key, tx.now, by, "export_directory", self.country)
        return tables

    def cases(self, tx: Tx, by: str) -> str:
        """Return the HTCDS export as JSON. Raise `Locked` or `ShelterAddressFound`."""
        public = public_directory(tx, self.country, "")
        made = htcds.export(public, exported_cases.rows(tx), self.country, tx.now)
        audit_log.append(tx, self.audit_key, tx.now, by, "export_htcds", self.country)
        return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def as_zip(tables: Tables) -> bytes:
    """Return a directory as a ZIP file: one JSON file, and the same as CSV tables."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (("directory.json", as_json(tables)), *as_csv(tables)):
            made.writestr(zipfile.ZipInfo(name, datetime(2026, 1, 1, tzinfo=UTC).timetuple()[:6]), text)
    return file.getvalue()
