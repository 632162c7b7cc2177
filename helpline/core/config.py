"""The settings. They are read once from the environment, all errors are reported together, and then they are frozen.

What each setting decides: `helpline.core.settings`. A secret may be given as a file instead (`KOMEK_WORDS_KEY_FILE`).
`helpline.core.process_keys` says which process may hold which key.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import ConfigDict, ValidationError

from helpline.core.process_keys import COPIES_KEYS, KEYS, PREFIX, Role, gather, misplaced
from helpline.core.settings import Gateway, Keys, Place, Policy

ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?")
RECEIVER = re.compile(r"(https://[^\s/@]+|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?)(/[^\s@]*)?")
"""Where events may be sent: no password in the address, because settings are printed."""
POSTGRES = re.compile(r"^postgres(ql)?://")
"""How hosters write the address of a PostgreSQL."""
SHORTEST_TOKEN = 16
"""Minimum length of a token for `/metrics` or the directory. Who guesses it can read how many people ask for help."""
SHORTEST_SECRET = 22
"""Minimum length of a webhook secret in production: 22 letters of base64 hold 128 bits."""

NOT_OPEN = "the line is not open to callers yet: see `komek open`"
"""Why a web is not ready, though nothing is wrong with it. `komek up` recognises the sentence. It imports no SQL."""

PLAIN = {
    "string_pattern_mismatch": "is two letters, such as KG",
    "int_parsing": "is a whole number",
    "float_parsing": "is a number",
    "bool_parsing": "is 1 or 0",
}
"""What is wrong with a value, by the kind of error of the library that reads it. Operators do not know its words."""


class ConfigError(Exception):
    """The settings cannot be used. `faults` holds one sentence for each error."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Config(Place, Gateway, Keys, Policy):
    """All settings, as one process read them at its start."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @property
    def demo(self) -> bool:
        """Whether this is the demo: no real channel is set. It has an emulator and a clock that can be moved.

        The demo listens on 127.0.0.1 only.
        """
        return not self.channels and self.channels_file is None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The valid webhook secrets. There are two during a rotation."""
        return tuple(part for part in self.webhook_secret.get_secret_value().split(",") if part)

    @property
    def console(self) -> str:
        """The console's origin: scheme and host, without a slash at the end."""
        return self.console_url or f"http://localhost:{self.console_port}"

    @property
    def sql_url(self) -> str:
        """The URL of the database. The default is SQLite under `data`. `postgres://` needs no name of the driver."""
        return (
            POSTGRES.sub("postgresql+psycopg://", self.database_url)
            or f"sqlite:///{self.data.resolve() / 'komek.sqlite3'}"
        )

    @property
    def socket(self) -> Path:
        """The Unix socket of the embedded Valkey."""
        return self.data.resolve() / "run" / "valkey.sock"

    @property
    def queue_url(self) -> str:
        """The URL of Redis for the job queue. The default is the socket of the embedded Valkey."""
        return self.redis_url or f"unix://{self.socket}"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ, *, role: Role = Role.COMMAND) -> Self:
        """Read the settings for a process of this `role`. Raise `ConfigError` with all errors if any are wrong."""
        given, faults = gather(environ, cls.model_fields.keys())
        try:
            config = cls.model_validate(given)
        except ValidationError as error:
            for each in error.errors():
                what = PLAIN.get(each["type"], each["msg"])
                faults.append(f"{PREFIX}{str(each['loc'][0]).upper()}: {what}")
            raise ConfigError(faults) from None
        faults += _unsafe(config, role)
        if faults:
            raise ConfigError(faults)
        return config


def _unsafe(config: Config, role: Role) -> list[str]:
    faults = [
        *(["KOMEK_CONSENT_DAYS is longer than KOMEK_KEEP_DAYS, which callers are told"]
          if config.consent_days > config.keep_days else []),
        *([f"KOMEK_METRICS_TOKEN needs at least {SHORTEST_TOKEN} letters; without it, only this machine may read it"]
          if 0 < len(config.metrics_token.get_secret_value()) < SHORTEST_TOKEN else []),
        *([f"KOMEK_DIRECTORY_TOKEN needs at least {SHORTEST_TOKEN} letters; without it, nobody may read the directory"]
          if 0 < len(config.directory_token.get_secret_value()) < SHORTEST_TOKEN else []),
        *_events(config, role),
        *(["KOMEK_BRIDGE needs a real gateway: the demo cannot make phone calls"]
          if config.bridge and config.demo else []),
        *misplaced(_held(config), role),
        *([f"{PREFIX}GATEWAY_API_KEY must not be given to the {role} process: it sends no messages"]
          if role in {Role.PUBLIC, Role.CONSOLE} and config.gateway_api_key.get_secret_value() else []),
    ]  # fmt: skip
    if not config.demo:
        faults += _unsafe_in_production(config, role)
    return faults


def _events(config: Config, role: Role) -> list[str]:
    """Return what is wrong with the settings of events for other systems."""
    if not config.events_url:
        return []
    faults = []
    if not RECEIVER.fullmatch(config.events_url):
        faults.append(
            f"{PREFIX}EVENTS_URL is an address as https://example.org/komek; without TLS only on this machine"
        )
    if role in {Role.WORKER, Role.CLOCK} and len(config.events_key.get_secret_value()) < SHORTEST_SECRET:
        faults.append(f"{PREFIX}EVENTS_KEY needs at least {SHORTEST_SECRET} letters, so that nobody else can sign")
    return faults


def _held(config: Config) -> list[str]:
    return [key for key in (*KEYS, *COPIES_KEYS) if getattr(config, key).get_secret_value()]


def _unsafe_in_production(config: Config, role: Role) -> list[str]:
    faults = []
    if config.channels and config.channels_file:
        faults.append(f"{PREFIX}CHANNELS and {PREFIX}CHANNELS_FILE: give one of them")
    if role is Role.PUBLIC and config.channels_file is None:
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
    if config.channels and role in {Role.WORKER, Role.CLOCK} and not config.gateway_api_key.get_secret_value():
        faults.append(f"{PREFIX}GATEWAY_API_KEY is missing")
    return faults
