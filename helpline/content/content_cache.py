"""The content as an earlier start made it, from files in the data folder: a tenth of the work of making it again.

A file begins with a hash of every file of `content/`, of the code that reads them, and of the settings that change the
result. So a change of any of them shows at once, and a file that is stale, broken, or of another user is ignored. It
can be deleted at any time. Where the folder is read-only there is no such file, and the content is made again.

The file is a pickle. A pickle can name any function of Python, which is then called. So only values of our own types
are made from it, and only a file is read that belongs to this user and that nobody else can write.
"""

import gc
import hashlib
import io
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

import pydantic

from helpline.content import console_texts, loading, phone_texts
from helpline.content.console_texts import ConsoleTexts
from helpline.content.loading import Content
from helpline.content.phone_texts import PhoneTexts
from helpline.content.sources import ROOT, digest_of, read_sources
from helpline.core.config import Config
from menus.faults import Fault

CALLERS, CONSOLE, PHONE = "content.cache", "console.cache", "phone.cache"
"""The files: what callers and services read, the texts of the console, and those of the demo's page with two phones."""
CODE = Path(__file__).parents[2]
PACKAGES = ("menus", "helpline/content", "helpline/core")
"""The code whose values are in the file, or that makes them."""
OURS = ("menus.", "helpline.content.")
OTHERS = frozenset({
    ("datetime", "date"), ("functools", "partial"), ("helpline.content.language_pack", "_found"),
})  # fmt: skip
"""What a file may name beside the types of `OURS`."""
HASH_BYTES = 32


def _hash_of_code() -> bytes:
    digest = hashlib.blake2b(digest_size=HASH_BYTES)
    for path in sorted(path for package in PACKAGES for path in (CODE / package).glob("*.py")):
        digest.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


IMPORTED = _hash_of_code()
"""Of the code as this process has imported it.

After an update the files are of the new version, and an old process may still write what the old code makes. Under the
name of the new code, every later start would read that, and fail.
"""

_Made = TypeVar("_Made")


def load(config: Config, root: Path = ROOT) -> Content:
    """Load the content of a country as `loading.load` does, from the file if it holds this content."""

    def compose() -> tuple[Content, dict[str, list[Fault]]]:
        return loading.compose(config, read_sources(root))

    settings = (config.country, str(config.keep_days), ",".join(config.languages))
    return loading.usable(*_cached(config.data / CALLERS, settings, root, compose))


def load_console_texts(config: Config, languages: Sequence[str], root: Path = ROOT) -> ConsoleTexts:
    """Load the texts of the console as `console_texts.read` does, from the file if it holds them."""
    return _cached(config.data / CONSOLE, languages, root, lambda: console_texts.read(root, languages))


def load_phone_texts(config: Config, root: Path = ROOT) -> PhoneTexts:
    """Load the texts of the demo's page with two phones as `phone_texts.read` does, from the file if it holds them."""
    return _cached(config.data / PHONE, (), root, lambda: phone_texts.read(root))


def _cached(file: Path, settings: Sequence[str], root: Path, make: Callable[[], _Made]) -> _Made:
    """Return what `make` returns, which depends on the content and on these settings."""
    key = _key(settings, root)
    held: _Made | None = _read(file, key)
    if held is not None:
        return held
    made = make()
    if _key(settings, root) == key:  # nobody has changed the content meanwhile
        _write(file, key, made)
    return made


def _key(settings: Sequence[str], root: Path) -> bytes:
    """Return the hash of all that a file depends on."""
    told = [sys.version, pydantic.VERSION, str(root), *settings, digest_of(root)]
    return hashlib.blake2b("\n".join(told).encode() + b"\0" + IMPORTED, digest_size=HASH_BYTES).digest()


class _Values(pickle.Unpickler):
    """Makes values of our own types, and calls nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in OTHERS and not module.startswith(OURS):
            raise pickle.UnpicklingError(f"{module}.{name} is no value of the content")
        found = super().find_class(module, name)
        if (module, name) not in OTHERS and not (isinstance(found, type) and found.__module__ == module):
            raise pickle.UnpicklingError(f"{module}.{name} is no type of the content")
        return found


def _read(file: Path, key: bytes) -> Any:
    """Return what the file holds, or None if it is not what is wanted."""
    try:
        with _open(file, os.O_RDONLY | os.O_NONBLOCK) as opened:  # a pipe would wait for a writer for ever
            about = os.fstat(opened.fileno())
            is_ours = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid()
            if not is_ours or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
            held = opened.read()
    except OSError:
        return None
    body = held[2 * HASH_BYTES :]
    if held[: 2 * HASH_BYTES] != key + hashlib.blake2b(body, digest_size=HASH_BYTES).digest():
        return None
    try:
        with _without_collecting():
            return _Values(io.BytesIO(body)).load()
    except Exception:  # noqa: BLE001  # whatever is wrong with it: the content can be made again
        return None


def _write(file: Path, key: bytes, made: object) -> None:
    """Write the file, if the folder exists and can be written to. Nobody ever reads half of one."""
    body = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            with _open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as opened:
                opened.write(key + hashlib.blake2b(body, digest_size=HASH_BYTES).digest() + body)
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)


def _open(file: Path, flags: int) -> IO[bytes]:
    return os.fdopen(os.open(file, flags | os.O_NOFOLLOW, 0o600), "wb" if flags & os.O_WRONLY else "rb")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Collect no garbage meanwhile: all of it stays, and looking through it takes two thirds of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
