"""The keys of a deployment. The demo makes them on first use, one file each. Each process receives only its own."""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from helpline.core.config import Config
from helpline.core.process_keys import COPIES_KEYS, HOLDS, KEYS, PREFIX, Role
from helpline.keys.sealing import new_key, sealing_key_of

PAIRS = (frozenset({"opening_key", "sealing_key"}), frozenset({"restore_key", "backup_key"}))
"""Each pair is a private key and its public key."""


def new_keys() -> dict[str, str]:
    """Make a complete set of keys, by name. Each private key comes before its public key."""
    opening, restore = new_key(), new_key()
    return {
        "opening_key": opening,
        "sealing_key": sealing_key_of(opening),
        "hashing_key": new_key(),
        "words_key": new_key(),
        "audit_key": new_key(),
        "contact_key": new_key(),
        "session_key": new_key(),
        "restore_key": restore,
        "backup_key": sealing_key_of(restore),
    }


def load_or_create(folder: Path) -> dict[str, str]:
    """Return the demo's keys in `folder`. Missing ones are created, readable by this user only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        if not all((folder / name).exists() for name in (*KEYS, *COPIES_KEYS)):
            for name, key in _new_for_missing(folder).items():
                (folder / name).touch(mode=0o600)
                (folder / name).write_text(key)
    return {name: (folder / name).read_text().strip() for name in (*KEYS, *COPIES_KEYS)}


def write_new(folder: Path, values: Mapping[str, str]) -> None:
    """Write secrets into `folder`, one file each, readable by this user only.

    Raise `FileExistsError` if one of them exists, before anything is written: a lost opening key loses every number.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in values:
        if (folder / name).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / name))
    for name, value in values.items():
        (folder / name).touch(mode=0o600, exist_ok=False)
        (folder / name).write_text(f"{value}\n")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder: processes that start together must not each make keys."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def with_demo_keys(config: Config) -> Config:
    """Return the settings of a command. In the demo they include the keys in its data folder, once these exist."""
    folder = config.data / "keys"
    if not config.demo or not folder.is_dir():
        return config
    return config.model_copy(update={name: SecretStr(key) for name, key in load_or_create(folder).items()})


def _new_for_missing(folder: Path) -> dict[str, str]:
    """Make the keys that `folder` lacks: all, or those that a newer version needs. A pair is made together."""
    new = new_keys()
    missing = {name for name in new if not (folder / name).exists()}
    missing |= {name for pair in PAIRS if pair & missing for name in pair}
    return {name: key for name, key in new.items() if name in missing}


def load_existing(folder: Path) -> dict[str, str]:
    """Return the demo's keys that exist in `folder`, without making any."""
    return {name: (folder / name).read_text().strip() for name in (*KEYS, *COPIES_KEYS) if (folder / name).exists()}


def from_config(config: Config) -> dict[str, str]:
    """Return the keys in the settings."""
    return {name: getattr(config, name).get_secret_value() for name in (*KEYS, *COPIES_KEYS)}


def for_role(keys: Mapping[str, str], role: Role) -> dict[str, str]:
    """Return the `KOMEK_…` variables that give a process of this role its own keys and no others."""
    return {f"{PREFIX}{name.upper()}": keys[name] for name in sorted(HOLDS[role]) if keys.get(name)}
