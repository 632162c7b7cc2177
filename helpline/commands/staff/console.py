"""What commands need of the console, to let people in at the machine itself."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import PREFIX

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from helpline.accounts.inviting import Invitations
    from helpline.accounts.sign_in import Entrance
    from helpline.staff.roles import Person
    from helpline.store.engine import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """What these commands need of the console."""

    config: Config
    db: "Database"
    invitations: "Invitations"
    languages: Sequence[str]

    @classmethod
    def of(cls, config: Config) -> "Desk":
        """Make it. Raises `ConfigError` where a key is missing, `ClickException` where the database is not ready."""
        from helpline.accounts.inviting import Invitations
        from helpline.commands.operate.deployment import must_be_ready, opened
        from helpline.content import console_texts
        from helpline.content.sources import ROOT, load_country
        from helpline.keys import keyring

        entrance = entrance_of(config, opened(keyring.filled(config)))
        click.get_current_context().call_on_close(entrance.db.dispose)
        must_be_ready(config, entrance.db)
        texts = console_texts.read(ROOT, load_country(ROOT, config.country).languages)
        return cls(config, entrance.db, Invitations(entrance, config.country), texts.languages)

    def person(self, tx: "Connection", login: str) -> "Person":
        """Find somebody. Raises `ClickException` where there is nobody."""
        from helpline.staff import people
        from helpline.staff.roles import login_of

        found = people.by_login(tx, login_of(login))
        if found is None:
            raise click.ClickException(f"there is nobody with the login {login}; see `komek people list`")
        return found


def entrance_of(config: Config, db: "Database") -> "Entrance":
    """Put together what lets people in, for a command. Raises `ConfigError` where a key is missing."""
    from helpline.accounts.credentials import Passwords
    from helpline.accounts.sign_in import Entrance
    from helpline.core import clock
    from helpline.keys import keyring
    from helpline.keys.session_tokens import SessionKey

    keys = keyring.there(config.data / "keys") if config.demo else keyring.given(config)
    needed = ("audit_key", "contact_key", "session_key")
    faults = [f"{PREFIX}{name.upper()} is missing" for name in needed if not keys.get(name)]
    if faults:
        raise ConfigError([*faults, "in the demo, start `komek up` once" if config.demo else "see `komek keys new`"])
    audit_key = base64.urlsafe_b64decode(keys["audit_key"])
    idle = timedelta(minutes=config.idle_minutes)
    return Entrance(db, SessionKey.of(keys["session_key"]), Passwords(), audit_key, clock.real, idle)
