"""What `komek people` uses of the console, to manage accounts on the machine itself."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import PREFIX

if TYPE_CHECKING:
    from helpline.accounts.inviting import Invitations
    from helpline.accounts.sign_in import SignIn
    from helpline.staff.roles import Person
    from helpline.store.engine import Database, Tx


@dataclass(frozen=True, slots=True)
class ConsoleAccounts:
    """The accounts of the console, for commands."""

    config: Config
    db: "Database"
    invitations: "Invitations"
    languages: Sequence[str]

    @classmethod
    def of(cls, config: Config) -> "ConsoleAccounts":
        """Open the accounts. Raise `ConfigError` if a key is missing, `ClickException` if the database is not ready."""
        from helpline.accounts.inviting import Invitations
        from helpline.commands.operate.deployment import must_be_ready, open_database
        from helpline.content import console_texts
        from helpline.content.sources import ROOT, load_country
        from helpline.keys import keyring

        sign_in = sign_in_of(config, open_database(keyring.with_demo_keys(config)))
        click.get_current_context().call_on_close(sign_in.db.dispose)
        must_be_ready(config, sign_in.db)
        texts = console_texts.read(ROOT, load_country(ROOT, config.country, config.languages).languages)
        return cls(config, sign_in.db, Invitations(sign_in, config.country), texts.languages)

    def person(self, tx: "Tx", login: str) -> "Person":
        """Return the person with a login. Raise `ClickException` if there is none."""
        from helpline.staff import people
        from helpline.staff.roles import login_of

        found = people.by_login(tx, login_of(login))
        if found is None:
            raise click.ClickException(f"no account has the login {login}; see `komek people list`")
        return found


def sign_in_of(config: Config, db: "Database") -> "SignIn":
    """Build `SignIn` for a command. Raise `ConfigError` if a key is missing."""
    from helpline.accounts.credentials import Passwords
    from helpline.accounts.sign_in import SignIn
    from helpline.core import clock
    from helpline.keys import keyring
    from helpline.keys.session_tokens import SessionKey

    keys = keyring.load_existing(config.data / "keys") if config.demo else keyring.from_config(config)
    needed = ("audit_key", "contact_key", "session_key")
    faults = [f"{PREFIX}{name.upper()} is missing" for name in needed if not keys.get(name)]
    if faults:
        raise ConfigError(
            [
                *faults,
                "run `komek up` once; if its folder is another: KOMEK_DATA"
                if config.demo
                else "`komek keys new` makes keys",
            ]
        )
    audit_key = base64.urlsafe_b64decode(keys["audit_key"])
    idle = timedelta(minutes=config.idle_minutes)
    return SignIn(db.timed_by(clock.real), SessionKey.of(keys["session_key"]), Passwords(), audit_key, clock.real, idle)
