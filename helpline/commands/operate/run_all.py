"""`komek up`: run the whole service on this machine.

This process only watches the others, for months, so it imports little. Preparing the start needs most of Komek: a child
process does it, and its memory is free again before the service starts.
"""

import os
import secrets
from collections.abc import Sequence

from helpline.commands.faults_printed import faults_printed
from helpline.core.config import Config, ConfigError
from helpline.core.missing_package import explained
from helpline.operations import child_processes, processes, supervisor
from helpline.operations.demo import Notes, announced, of_country
from helpline.operations.processes import WEB, Part


def start(config: Config, *, author: bool = False, empty: bool = False) -> int:
    """Run the service until it is stopped, and return the exit code. For an `author`, content may change meanwhile.

    `empty`: the demo begins without a request.

    The demo's page can change the country: the whole service stops, and starts for the other country in a folder of
    its own. So one service always serves one country.
    """
    if author and not config.demo:
        raise ConfigError(["--author works in the demo only: unset KOMEK_CHANNELS, or restart after `komek check`"])
    secret = ",".join(config.secrets) or (secrets.token_urlsafe(24) if config.demo else "")
    if not config.demo:
        return _run(config, secret, author=author, empty=empty)
    asked, code = config.country, 0
    while code == 0 and asked:
        here = of_country(config, asked)
        with announced(config, here):
            code = _run(here, secret, author=author, empty=empty)
        asked = Notes(here.data).asked_for()
    return code


def _run(config: Config, secret: str, *, author: bool, empty: bool) -> int:
    """Prepare the start in a child process, then run all processes."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    parts: list[Part] = []

    def planned() -> Sequence[Part]:
        with faults_printed():
            with explained("helpline.cli"):
                from helpline.commands.operate import up
            return up.planned(config, secret, author=author, empty=empty)

    def prepare() -> Sequence[Part]:
        parts.extend(child_processes.result_of(planned))
        return parts

    controls = _controls(config, parts)
    plain = processes.plain(os.environ)
    return supervisor.up(config.data, prepare, redis_url=config.redis_url, controls=controls, plain=plain)


def _controls(config: Config, parts: Sequence[Part]) -> supervisor.Controls:
    """Return what the demo's web asks of the supervisor: another country, or a restart after a change of content."""
    if not config.demo:
        return supervisor.NO_CONTROLS
    notes, read = Notes(config.data), ""

    def restart() -> Sequence[str]:
        nonlocal read
        before, read = read, notes.content()
        return () if read == before else [part.name for part in parts if part.name != WEB]

    return supervisor.Controls(restart, lambda: bool(notes.asked_for()))
