"""The settings: read once from the environment, every fault said at once, frozen afterwards.

Each field is one `KOMEK_…` variable and one line of docs/operations.md (a test compares them). A secret may be
given as a file instead (`KOMEK_WORDS_KEY_FILE`). Which process may hold which key: docs/architecture.md.
"""

import difflib
import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "KOMEK_"
ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?")
SHORTEST_TOKEN = 16
"""Letters of the token of `/metrics`: whoever guesses it reads how many are in need."""
SHORTEST_SECRET = 22
"""Letters of a webhook secret in production: 22 of base64 hold 128 bits."""


class Role(StrEnum):
    """Which process is starting; each is given only its own keys."""

    PUBLIC = "public"
    CONSOLE = "console"
    WORKER = "worker"
    CLOCK = "clock"
    BACKUP = "backup"
    COMMAND = "command"


KEYS = ("sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key", "session_key")
"""What the service runs with."""
HOLDS: Mapping[Role, frozenset[str]] = {
    Role.PUBLIC: frozenset({"sealing_key", "words_key"}),
    Role.WORKER: frozenset({"sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key"}),
    Role.CLOCK: frozenset({"sealing_key", "opening_key", "hashing_key", "words_key", "audit_key", "contact_key"}),
    Role.CONSOLE: frozenset({"opening_key", "audit_key", "contact_key", "session_key"}),
    Role.BACKUP: frozenset({"backup_key"}),
    Role.COMMAND: frozenset(KEYS),
}
COPIES_KEYS = ("backup_key", "restore_key")
"""The public and the private half of the key of backups. The private one belongs only where one restores."""
FORBIDDEN: Mapping[Role, frozenset[str]] = {
    Role.PUBLIC: frozenset({"opening_key", "hashing_key", "audit_key", "contact_key", "session_key", "restore_key"}),
    Role.CONSOLE: frozenset({"hashing_key", "words_key", "restore_key"}),
    Role.WORKER: frozenset({"session_key", "restore_key"}),
    Role.CLOCK: frozenset({"session_key", "restore_key"}),
    Role.BACKUP: frozenset({"opening_key", "hashing_key", "contact_key", "session_key", "restore_key"}),
}
WHY_FORBIDDEN: Mapping[str, str] = {
    "session_key": "whoever takes it over could sign in as anybody",
    "words_key": "whoever takes it over could draw the codes of callers",
    "contact_key": "whoever takes it over could make itself a service that is shown numbers",
    "hashing_key": "whoever takes it over could tell whose number a request has",
}


class ConfigError(Exception):
    """The settings cannot be used. `faults` holds all of them, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Config(BaseModel):
    """All settings. Times in the unit that the name ends with."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Path("data")
    country: str = Field("KG", pattern=r"^[A-Z]{2}$")
    database_url: str = ""
    redis_url: str = ""
    channels: Listed = ()
    webhook_secret: SecretStr = SecretStr("")
    allow_from: Listed = ()
    trust_proxy: bool = False
    port: int = Field(8000, ge=1, le=65535)
    console_port: int = Field(8001, ge=1, le=65535)
    console_url: str = ""
    workers: int = Field(1, ge=1, le=64)

    africastalking_username: str = "sandbox"
    africastalking_api_key: SecretStr = SecretStr("")
    africastalking_sender: str = ""
    africastalking_url: str = ""
    bridge: bool = False

    sealing_key: SecretStr = SecretStr("")
    opening_key: SecretStr = SecretStr("")
    hashing_key: SecretStr = SecretStr("")
    words_key: SecretStr = SecretStr("")
    audit_key: SecretStr = SecretStr("")
    contact_key: SecretStr = SecretStr("")
    backup_key: SecretStr = SecretStr("")
    restore_key: SecretStr = SecretStr("")
    session_key: SecretStr = SecretStr("")

    metrics_token: SecretStr = SecretStr("")
    idle_minutes: int = Field(15, ge=2, le=60)
    drill_hour: int | None = Field(None, ge=0, le=23)
    offer_minutes: int = Field(30, ge=1)
    grace_seconds: int = Field(45, ge=0)
    grace_most_seconds: int = Field(240, ge=0)
    consent_days: int = Field(14, ge=1, le=90)
    keep_days: int = Field(30, ge=1, le=90)
    fresh_days: int = Field(90, ge=1)
    tombstone_hours: int = Field(24, ge=1)
    requests_a_day: int = Field(3, ge=1)
    wrong_codes_a_day: int = Field(5, ge=1)
    wrong_codes_an_hour: int = Field(100, ge=1)
    reveals_a_day: int = Field(20, ge=1)
    page_again_minutes: int = Field(15, ge=1)
    silent_hours: int = Field(48, ge=1)
    silent_more_hours: int = Field(4, ge=1)
    urgent_minutes: int = Field(5, ge=1)
    undo_minutes: int = Field(10, ge=1)
    follow_days: int = Field(30, ge=1, le=90)
    contact_hours: int = Field(72, ge=1)
    block_days: int = Field(7, ge=1, le=30)

    @property
    def demo(self) -> bool:
        """No real channel is set: the demo, on 127.0.0.1 only, with the emulator and a clock that one moves."""
        return not self.channels

    @property
    def secrets(self) -> tuple[str, ...]:
        """The webhook secrets in force: two while one is being rotated out."""
        return tuple(part for part in self.webhook_secret.get_secret_value().split(",") if part)

    @property
    def console(self) -> str:
        """Where people find the console: scheme and host, without a slash at the end."""
        return self.console_url or f"http://localhost:{self.console_port}"

    @property
    def sql_url(self) -> str:
        """The database, SQLite under `data` unless one is set."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'komek.sqlite3'}"

    @property
    def socket(self) -> Path:
        """The unix socket of the embedded Valkey."""
        return self.data.resolve() / "run" / "valkey.sock"

    @property
    def bell_url(self) -> str:
        """Where the bell is: the Redis that is set, else the embedded one's socket."""
        return self.redis_url or f"unix://{self.socket}"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ, *, role: Role = Role.COMMAND) -> Self:
        """Read the settings for a process of this `role`. Raises `ConfigError` with every fault."""
        given, faults = _gather(environ, cls.model_fields.keys())
        try:
            config = cls.model_validate(given)
        except ValidationError as error:
            faults += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
            raise ConfigError(faults) from None
        faults += _unsafe(config, role)
        if faults:
            raise ConfigError(faults)
        return config


def _gather(environ: Mapping[str, str], known: object) -> tuple[dict[str, str], list[str]]:
    names = set(known)  # type: ignore[call-overload]
    given: dict[str, str] = {}
    faults: list[str] = []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
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
            hint = f" (did you mean {PREFIX}{near[0].upper()}?)" if near else ""
            faults.append(f"{variable} is not a setting{hint}")
    return given, faults


def _unsafe(config: Config, role: Role) -> list[str]:
    faults = [
        *(["KOMEK_CONSENT_DAYS is longer than KOMEK_KEEP_DAYS, which callers are told"]
          if config.consent_days > config.keep_days else []),
        *([f"KOMEK_METRICS_TOKEN needs at least {SHORTEST_TOKEN} letters; leave it out, and only this machine may read"]
          if 0 < len(config.metrics_token.get_secret_value()) < SHORTEST_TOKEN else []),
        *(["KOMEK_BRIDGE needs a real gateway: in the demo there is no telephone that rings"]
          if config.bridge and config.demo else []),
        *_misplaced(config, role),
    ]  # fmt: skip
    if not config.demo:
        faults += _unsafe_in_production(config, role)
    return faults


def _misplaced(config: Config, role: Role) -> list[str]:
    """Name each key that is not where it belongs."""
    held = {key for key in (*KEYS, *COPIES_KEYS) if getattr(config, key).get_secret_value()}
    faults = [
        f"{PREFIX}{key.upper()} must not be given to the {role} process: "
        f"{WHY_FORBIDDEN.get(key, 'whoever takes it over could read numbers')}"
        for key in sorted(held & FORBIDDEN.get(role, frozenset()))
    ]
    if role is not Role.COMMAND:
        faults += [
            f"{PREFIX}{key.upper()} is missing: make one with `komek keys new`" for key in sorted(HOLDS[role] - held)
        ]
    if role in {Role.PUBLIC, Role.CONSOLE} and config.africastalking_api_key.get_secret_value():
        faults.append(f"{PREFIX}AFRICASTALKING_API_KEY must not be given to the {role} process: it sends nothing")
    return faults


def _unsafe_in_production(config: Config, role: Role) -> list[str]:
    faults = []
    if role is Role.PUBLIC:
        faults += [
            f"{PREFIX}WEBHOOK_SECRET: each needs at least {SHORTEST_SECRET} letters; make one with `komek keys new`"
            for secret in config.secrets or ("",)
            if len(secret) < SHORTEST_SECRET
        ]
    if role is Role.CONSOLE and not ORIGIN.fullmatch(config.console_url):
        faults.append(
            f"{PREFIX}CONSOLE_URL is where people find the console, https://desk.example.org without a path: "
            "passwords and numbers go nowhere without TLS"
        )
    if "africastalking" in config.channels and role in {Role.WORKER, Role.CLOCK}:
        faults += (
            [] if config.africastalking_api_key.get_secret_value() else [f"{PREFIX}AFRICASTALKING_API_KEY is missing"]
        )
    return faults
