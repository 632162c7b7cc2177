"""Which process may hold which key (docs/architecture.md), and how `KOMEK_…` environment variables are read.

A secret may be given as a file: `KOMEK_WORDS_KEY_FILE` is the path of a file with the value of `KOMEK_WORDS_KEY`.
"""

import difflib
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path

PREFIX = "KOMEK_"
CHANNEL_PREFIX = "KOMEK_CHANNEL_"
"""Variables that begin so are secrets of channels (`helpline.core.channels_file`)."""


class Role(StrEnum):
    """The kind of process that is starting. Each receives only its own keys."""

    PUBLIC = "public"
    CONSOLE = "console"
    WORKER = "worker"
    CLOCK = "clock"
    BACKUP = "backup"
    COMMAND = "command"


KEYS = ("sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key", "session_key")
"""The keys of the running service."""
HOLDS: Mapping[Role, frozenset[str]] = {
    Role.PUBLIC: frozenset({"sealing_key", "words_key"}),
    Role.WORKER: frozenset({"sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key"}),
    Role.CLOCK: frozenset({"sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key"}),
    Role.CONSOLE: frozenset({"opening_key", "audit_key", "contact_key", "session_key"}),
    Role.BACKUP: frozenset({"backup_key"}),
    Role.COMMAND: frozenset(KEYS),
}
COPIES_KEYS = ("backup_key", "restore_key")
"""The public and the private half of the backup key. The private one belongs only where backups are restored."""
FORBIDDEN: Mapping[Role, frozenset[str]] = {
    Role.PUBLIC: frozenset({"opening_key", "hashing_key", "audit_key", "contact_key", "session_key", "restore_key"}),
    Role.CONSOLE: frozenset({"hashing_key", "words_key", "restore_key"}),
    Role.WORKER: frozenset({"session_key", "restore_key"}),
    Role.CLOCK: frozenset({"session_key", "restore_key"}),
    Role.BACKUP: frozenset({"opening_key", "hashing_key", "contact_key", "session_key", "restore_key"}),
}
WHY_FORBIDDEN: Mapping[str, str] = {
    "session_key": "an attacker there could sign in as anybody",
    "words_key": "an attacker there could calculate the callers' codes",
    "contact_key": "an attacker there could pose as a service that is shown numbers",
    "hashing_key": "an attacker there could find out whose number a request has",
}


OTHER_SECRETS: Mapping[str, frozenset[Role]] = {
    "webhook_secret": frozenset({Role.PUBLIC}),
    "gateway_api_key": frozenset({Role.WORKER, Role.CLOCK}),
    "metrics_token": frozenset({Role.CONSOLE}),
    "directory_token": frozenset({Role.CONSOLE}),
    "events_key": frozenset({Role.WORKER, Role.CLOCK}),
    "rehearsal_numbers": frozenset({Role.PUBLIC, Role.WORKER, Role.CLOCK}),
}
"""The secrets that are not keys, and the processes that need them."""


def is_plain(variable: str) -> bool:
    """Whether a variable holds no secret."""
    name = _name(variable)
    return name not in {*KEYS, *COPIES_KEYS, *OTHER_SECRETS} and not variable.startswith(CHANNEL_PREFIX)


def may_have(variable: str, role: Role) -> bool:
    """Whether a process of this role may be given a `KOMEK_…` variable: any plain setting, and its own secrets."""
    name = _name(variable)
    if variable.startswith(CHANNEL_PREFIX):  # of a channel: what lets it in, or what sends through it
        return role in OTHER_SECRETS["webhook_secret" if name.endswith("_webhook_secret") else "gateway_api_key"]
    if name in {*KEYS, *COPIES_KEYS}:
        return name in HOLDS[role]
    return name not in OTHER_SECRETS or role in OTHER_SECRETS[name]


def _name(variable: str) -> str:
    """Return the setting that a variable gives, as a value or as a file."""
    return variable.removeprefix(PREFIX).lower().removesuffix("_file")


def misplaced(held: Collection[str], role: Role) -> list[str]:
    """Return an error for each key that a process of this `role` must not hold or lacks. `held` are its keys."""
    faults = [
        f"{PREFIX}{key.upper()} must not be given to the {role} process: "
        f"{WHY_FORBIDDEN.get(key, 'an attacker there could read numbers')}"
        for key in sorted(FORBIDDEN.get(role, frozenset()).intersection(held))
    ]
    if role is not Role.COMMAND:
        faults += [
            f"{PREFIX}{key.upper()} is missing: make one with `komek keys new`"
            for key in sorted(HOLDS[role].difference(held))
        ]
    return faults


def gather(environ: Mapping[str, str], known: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Return the values of the `known` settings by name, and an error for each variable that cannot be used."""
    names = set(known)
    given: dict[str, str] = {}
    faults: list[str] = []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(CHANNEL_PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in names:
            given[name] = value
        elif name.endswith("_file") and name.removesuffix("_file") in names:
            try:
                given[name.removesuffix("_file")] = Path(value).read_text().strip()
            except OSError as error:
                faults.append(f"{variable}: cannot be read ({type(error).__name__})")
        else:
            near = difflib.get_close_matches(name, names, 1)
            suggestion = f" (did you mean {PREFIX}{near[0].upper()}?)" if near else ""
            faults.append(f"{variable} is not a setting{suggestion}")
    return given, faults
