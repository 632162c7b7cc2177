"""Which demo runs: its page may have changed the country, and a command of another terminal must not miss that."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from helpline.config import Config
from helpline.notes import Notes


def of_country(config: Config, country: str) -> Config:
    """Give the settings of the demo of a country: that of another one has keys, clock and database of its own."""
    if country == config.country:
        return config
    return config.model_copy(update={"country": country, "data": config.data / f"demo-{country.lower()}"})


@contextmanager
def told(first: Config, here: Config) -> Iterator[None]:
    """Let commands know, while it runs, that the demo begun as `first` is now `here`."""
    notes = Notes(first.data)
    notes.tell_running(here.country, here.data.relative_to(first.data).as_posix())
    try:
        yield
    finally:
        notes.end()


def settings() -> Config:
    """Read the settings of a command: of the demo that runs, which is said where they are not those of the environment.

    Raises `ConfigError`.
    """
    config = Config.read()
    country, folder = Notes(config.data).running() if config.demo else ("", "")
    if not country:
        return config
    here = config.model_copy(update={"country": country, "data": config.data / folder})
    if here != config:
        click.echo(f"This is about the demo that runs: {country}, {here.data}", err=True)
    return here
