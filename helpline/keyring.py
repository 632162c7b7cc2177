"""The keys of a deployment: made on first use in the demo, one file each, and handed out a process at a time."""

from collections.abc import Mapping
from pathlib import Path

from helpline.config import HOLDS, KEYS, PREFIX, Config, Role
from helpline.vault import new_key, sealing_key_of


def fresh() -> dict[str, str]:
    """Make a whole set of keys, by name."""
    opening = new_key()
    return {
        "opening_key": opening,
        "sealing_key": sealing_key_of(opening),
        "hashing_key": new_key(),
        "words_key": new_key(),
        "audit_key": new_key(),
    }


def kept(folder: Path) -> dict[str, str]:
    """Give the demo's keys under `folder`, making them the first time. Only this user may read them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not all((folder / name).exists() for name in KEYS):
        for name, key in fresh().items():
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(key)
    return {name: (folder / name).read_text().strip() for name in KEYS}


def given(config: Config) -> dict[str, str]:
    """Give the keys that the settings hold."""
    return {name: getattr(config, name).get_secret_value() for name in KEYS}


def for_role(keys: Mapping[str, str], role: Role) -> dict[str, str]:
    """Give the settings that hand a process of this role its own keys and no other."""
    return {f"{PREFIX}{name.upper()}": keys[name] for name in sorted(HOLDS[role]) if keys.get(name)}
