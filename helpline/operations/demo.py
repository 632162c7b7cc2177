"""Which demo runs: its page may have changed the country, and a command of another terminal must not miss that.

What a part of the demo asks of the supervisor, as small files in the data folder. Production has none of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from helpline.core.config import Config


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


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes in one data folder. A note is written whole or not at all."""

    data: Path

    def ask_for(self, country: str) -> None:
        """Ask that this service ends and the one of another country (ISO 3166 code) begins in its place."""
        self._write("demo-country", country)

    def asked_for(self) -> str:
        """Give the country that was asked for; empty where none was."""
        return self._read("demo-country")

    def tell_content(self, digest: str) -> None:
        """Tell that the web now answers with this content: the other parts are to read it, too."""
        self._write("demo-content", digest)

    def content(self) -> str:
        """Give the content that was told last; empty where none was."""
        return self._read("demo-content")

    def tell_running(self, country: str, folder: str) -> None:
        """Tell that the service that runs is that of a country, with its data in a folder in this one."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write("demo-running", f"{country} {folder}")

    def running(self) -> tuple[str, str]:
        """Give country and folder of the service that runs; both empty where none does."""
        country, _, folder = self._read("demo-running").partition(" ")
        return country, folder

    def end(self) -> None:
        """Tell that none runs any more."""
        (self.data / "demo-running").unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget what was asked and told in an earlier life."""
        for name in ("demo-country", "demo-content"):
            (self.data / name).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> None:
        fresh = self.data / f"{name}.new"
        fresh.write_text(text)
        fresh.replace(self.data / name)

    def _read(self, name: str) -> str:
        try:
            return (self.data / name).read_text()
        except OSError:
            return ""
