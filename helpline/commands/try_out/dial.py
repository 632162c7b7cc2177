"""`komek dial`: a phone in the terminal. A whole service in a folder that is thrown away; can be piped."""

import tempfile
import textwrap
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from helpline.caller.hop import Talk
from helpline.content import loading
from helpline.core import clock
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Hop
from helpline.core.process_keys import PREFIX
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.keys import keyring
from helpline.store.engine import connect
from helpline.store.migrate import upgrade
from menus.gsm7 import USSD, fits_gsm7, room, weigh

WIDTH = 32


class Silent:
    """A bell that nobody hears."""

    def ring(self) -> bool:
        """Ring for nobody."""
        return True


@contextmanager
def thrown_away(country: str) -> Iterator[Talk]:
    """Give a whole service with a database of its own, which is deleted afterwards."""
    keys = {f"{PREFIX}{name.upper()}": key for name, key in keyring.fresh().items()}
    config = Config.read({**keys, f"{PREFIX}COUNTRY": country})
    texts = loading.load(config)
    with tempfile.TemporaryDirectory(prefix="komek-dial-") as folder:
        db = connect(f"sqlite:///{Path(folder) / 'dial.sqlite3'}")
        upgrade(db)
        with db.knowing(config.contact_key.get_secret_value()).write() as tx:
            replace_directory.replace_all(tx, country, *sample(country, texts.country.zone, clock.real().date()))
        yield Talk.of(config, texts, db, clock.real, Silent(), _unheard)
        db.dispose()


def _unheard(error: str) -> None:
    """Log nothing: the screen says it."""


def call(talk: Talk, number: str, language: str) -> None:
    """Hold one call: show each screen, read a key, until the end or an empty input."""
    session, keys = f"dial-{uuid.uuid4().hex}", first_keys(talk, language)
    while True:
        reply = talk.hop("dial", Hop(session, msisdn(number), tuple(keys)))
        click.echo(drawn(reply.text))
        if reply.last:
            return
        try:
            key = click.prompt("", prompt_suffix="> ", default="", show_default=False).strip()
        except click.Abort:
            key = ""
        if not key:
            click.echo("(hung up)")
            return
        keys.append(key)


def first_keys(talk: Talk, language: str) -> list[str]:
    """Give the keys that choose a language; none where it is to be chosen by hand."""
    if not language:
        return []
    if language not in talk.book.languages:
        raise click.BadParameter(f"there are {', '.join(talk.book.languages)}", param_hint="--lang")
    return [str(talk.book.languages.index(language) + 1)]


def drawn(text: str) -> str:
    """Draw a screen with what it weighs."""
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, WIDTH) or [""]]
    encoding = "GSM-7" if fits_gsm7(text) else "UCS-2"
    foot = f" {weigh(text)} of {room(text, USSD)} {encoding} "
    body = [f"│ {line:<{WIDTH}} │" for line in lines]
    return "\n".join([f"┌{'─' * (WIDTH + 2)}┐", *body, f"└{foot:─>{WIDTH + 2}}┘"])
