"""The keys of a deployment: made on first use in the demo, one file each, and handed out a process at a time."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from helpline.core.config import Config
from helpline.core.process_keys import COPIES_KEYS, HOLDS, KEYS, PREFIX, Role
from helpline.keys.sealing import new_key, sealing_key_of

PAIRS = (frozenset({"opening_key", "sealing_key"}), frozenset({"restore_key", "backup_key"}))
"""A private half and its public one."""


def fresh() -> dict[str, str]:
    """Make a whole set of keys, by name: each private half stands before its public one."""
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


def kept(folder: Path) -> dict[str, str]:
    """Give the demo's keys under `folder`, making them the first time. Only this user may read them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not all((folder / name).exists() for name in (*KEYS, *COPIES_KEYS)):
        for name, key in _missing(folder).items():
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(key)
    return {name: (folder / name).read_text().strip() for name in (*KEYS, *COPIES_KEYS)}


def filled(config: Config) -> Config:
    """Give the settings of a command: in the demo with the keys under its data, once there are some."""
    folder = config.data / "keys"
    if not config.demo or not folder.is_dir():
        return config
    return config.model_copy(update={name: SecretStr(key) for name, key in kept(folder).items()})


def _missing(folder: Path) -> dict[str, str]:
    """Make what a folder lacks: all of it, or what a newer version needs. A pair is made together."""
    made = fresh()
    lacking = {name for name in made if not (folder / name).exists()}
    lacking |= {name for pair in PAIRS if pair & lacking for name in pair}
    return {name: key for name, key in made.items() if name in lacking}


def there(folder: Path) -> dict[str, str]:
    """Give the demo's keys that are under `folder` already; makes none."""
    return {name: (folder / name).read_text().strip() for name in (*KEYS, *COPIES_KEYS) if (folder / name).exists()}


def given(config: Config) -> dict[str, str]:
    """Give the keys that the settings hold."""
    return {name: getattr(config, name).get_secret_value() for name in (*KEYS, *COPIES_KEYS)}


def for_role(keys: Mapping[str, str], role: Role) -> dict[str, str]:
    """Give the settings that hand a process of this role its own keys and no other."""
    return {f"{PREFIX}{name.upper()}": keys[name] for name in sorted(HOLDS[role]) if keys.get(name)}
