"""`komek dial`: a phone in the terminal, with a whole service in a temporary folder. Input can be piped."""

import tempfile
import textwrap
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from helpline.caller.hop import PublicService
from helpline.content import loading
from helpline.content.sources import ROOT, countries, load_country
from helpline.core import clock
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Hop
from helpline.core.process_keys import PREFIX
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.keys import keyring
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from menus.gsm7 import USSD, fits_gsm7, room, weigh

WIDTH = 32


@contextmanager
def temporary_service(country: str, languages: Sequence[str] = ()) -> Iterator[PublicService]:
    """Yield a whole service with its own temporary database, in these languages (none: in all)."""
    keys = {f"{PREFIX}{name.upper()}": key for name, key in keyring.new_keys().items()}
    config = Config.read({**keys, f"{PREFIX}COUNTRY": country, f"{PREFIX}LANGUAGES": ",".join(languages)})
    texts = loading.load(config)
    with tempfile.TemporaryDirectory(prefix="komek-dial-") as folder:
        db = connect(f"sqlite:///{Path(folder) / 'dial.sqlite3'}")
        upgrade(db)
        with db.with_contact_key(config.contact_key.get_secret_value()).write() as tx:
            replace_directory.replace_all(tx, country, *sample(country, texts.country.zone, clock.real().date()))
        yield PublicService.of(config, texts, db, _no_log)
        db.dispose()


def _no_log(error: str) -> None:
    """Log nothing: the screen shows the error."""


def call(service: PublicService, number: str, language: str) -> None:
    """Run one USSD session: show each screen and read a key, until the end or an empty input."""
    session, keys = f"dial-{uuid.uuid4().hex}", first_keys(service, language)
    while True:
        reply = service.hop("dial", Hop(session, msisdn(number), tuple(keys)))
        click.echo(draw_screen(reply.text))
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


def first_keys(service: PublicService, language: str) -> list[str]:
    """Return the keys that choose a language, or none if no language is given."""
    if not language:
        return []
    if language not in service.ctx.book.languages:
        others = ", ".join(f"--country {code}" for code in countries() if language in _languages(code))
        told = f"; {language} is offered with {others}" if others else ""
        raise click.BadParameter(f"choose one of {', '.join(service.ctx.book.languages)}{told}", param_hint="--lang")
    return [str(service.ctx.book.languages.index(language) + 1)]


def _languages(country: str) -> tuple[str, ...]:
    return load_country(ROOT, country).languages


def draw_screen(text: str) -> str:
    """Draw a screen, with its length and encoding."""
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, WIDTH) or [""]]
    encoding = "GSM-7" if fits_gsm7(text) else "UCS-2"
    foot = f" {weigh(text)} of {room(text, USSD)} {encoding} "
    body = [f"│ {line:<{WIDTH}} │" for line in lines]
    return "\n".join([f"┌{'─' * (WIDTH + 2)}┐", *body, f"└{foot:─>{WIDTH + 2}}┘"])
