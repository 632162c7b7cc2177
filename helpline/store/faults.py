"""Why the database could not be used, in words that say what to do.

The text of the driver's exception is read and never shown: it may hold an address, a user or a value.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

CAUSES = (
    ("password authentication failed", "the user or the password in KOMEK_DATABASE_URL is wrong"),
    ("no password supplied", "KOMEK_DATABASE_URL needs a password"),
    ("no pg_hba.conf entry", "the server does not admit this user from this machine (pg_hba.conf)"),
    ('" does not exist', "the server has no such database or user: create it, or correct KOMEK_DATABASE_URL"),
    ("disk is full", "the disk is full: free some space"),
    ("no space left", "the disk is full: free some space"),
    ("disk full", "the disk is full: free some space"),
    ("readonly database", "this user may not write to the file"),
    ("unable to open database file", "this user cannot open the file"),
    ("database is locked", "another process holds it for too long: try again"),
    ("permission denied", "this user lacks a right on a table: see the grants in docs/database.md"),
    ("connection refused", "no server answers: is it running, and are host and port in KOMEK_DATABASE_URL right?"),
    ("could not translate host", "there is no such host: correct KOMEK_DATABASE_URL"),
    ("failed to resolve host", "there is no such host: correct KOMEK_DATABASE_URL"),
    ("name or service not known", "there is no such host: correct KOMEK_DATABASE_URL"),
    (
        "value too long",
        "a value is too long for PostgreSQL, which SQLite let in: shorten it where it was entered, and try again",
    ),
    (
        "cannot contain nul",
        "a text holds a NUL, which PostgreSQL refuses: correct it where it was entered, and try again",
    ),
    ("timeout", "no server answers in time: are host and port in KOMEK_DATABASE_URL right?"),
)
"""Part of a driver's message in small letters → what to do. The first that occurs counts."""


FULL_BYTES = 1_000_000
"""With less room SQLite cannot save, though it may still read."""


def no_room(database: URL, full_bytes: int = FULL_BYTES) -> list[str]:
    """Return why nothing can be saved, if the disk of a SQLite file is full; else an empty list."""
    if database.get_backend_name() != "sqlite" or not database.database:
        return []
    with suppress(OSError):
        if shutil.disk_usage(Path(database.database).parent).free < full_bytes:
            return ["nothing can be saved: the disk is full: free some space"]
    return []


def is_unreadable_address(error: Exception) -> bool:
    """Whether no database could ever be reached at the address in KOMEK_DATABASE_URL."""
    return isinstance(error, ArgumentError | NoSuchModuleError)


def advice(error: Exception) -> str:
    """Return what kind of fault it is, and what to do about it."""
    name = type(error).__name__
    if is_unreadable_address(error):
        return f"{name}; KOMEK_DATABASE_URL must look like postgresql://user:password@host/name"
    said = str(getattr(error, "orig", None) or error).lower()
    known = next((told for part, told in CAUSES if part in said), "")
    return f"{name}; {known or 'is it running and reachable, and is KOMEK_DATABASE_URL right?'}"
