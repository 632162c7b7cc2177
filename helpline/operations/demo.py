"""Messages between the processes of the demo, as small files in the data folder. Production uses none of this.

The demo's page can change the country and reload content. The supervisor reads here which country was requested, and
commands in another terminal read which demo is running.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from helpline.core.config import Config

PORTS = ("port", "console_port")
DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of all data (default: data).")


def of_country(config: Config, country: str) -> Config:
    """Return the settings of the demo of a country. Each country but the first has its own keys, clock and database."""
    if country == config.country:
        return config
    elsewhere = {"country": country, "languages": (), "data": config.data / f"demo-{country.lower()}"}
    return config.model_copy(update=elsewhere)


@contextmanager
def announced(first: Config, here: Config) -> Iterator[None]:
    """Announce, while the demo runs, that the demo started as `first` now uses `here`. Other commands read it."""
    notes = Notes(first.data)
    with suppress(OSError):  # a full disk: the demo runs without
        notes.tell_running(here, here.data.relative_to(first.data).as_posix())
    try:
        yield
    finally:
        notes.end()


def settings(data: Path | None = None) -> Config:
    """Return the settings for a command: those of the running demo, else those of the environment.

    `data`: another folder of data than the environment's. A note on standard error says when the running demo differs
    from the environment. Raise `ConfigError` if settings are wrong.
    """
    config = Config.read()
    config = config.model_copy(update={"data": data}) if data else config
    country, folder, ports = Notes(config.data).running() if config.demo else ("", "", {})
    if not country:
        return config
    languages = config.languages if country == config.country else ()
    here = config.model_copy(update={"country": country, "languages": languages, "data": config.data / folder, **ports})
    if here != config:
        click.echo(f"Using the running demo: {country}, {here.data}", err=True)
    return here


@dataclass(frozen=True, slots=True)
class Notes:
    """The messages in one data folder. Each is written atomically."""

    data: Path

    def ask_for(self, country: str) -> None:
        """Ask the supervisor to stop this demo and start the one of another country (ISO 3166 code)."""
        self._write("demo-country", country)

    def asked_for(self) -> str:
        """Return the country that was requested, or an empty string."""
        return self._read("demo-country")

    def tell_content(self, digest: str) -> None:
        """Announce the content that the web process now uses, so that the other processes load it too."""
        self._write("demo-content", digest)

    def content(self) -> str:
        """Return the content that was announced last, or an empty string."""
        return self._read("demo-content")

    def tell_running(self, demo: Config, folder: str) -> None:
        """Announce the country and the ports of the running demo, and its data folder, relative to this one."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write("demo-running", json.dumps([demo.country, folder, {name: getattr(demo, name) for name in PORTS}]))

    def running(self) -> tuple[str, str, dict[str, int]]:
        """Return the country, the folder and the ports of the running demo, or nothing of each."""
        try:
            country, folder, ports = json.loads(self._read("demo-running"))
        except ValueError:  # none
            return "", "", {}
        return country, folder, ports

    def end(self) -> None:
        """Announce that no demo is running."""
        (self.data / "demo-running").unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete requests and announcements of an earlier run."""
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
