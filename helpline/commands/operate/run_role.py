"""`komek run ROLE`: become one process of the service, with its own settings and keys only.

The environment may hold the settings of the whole service, as a Procfile's does. The process is replaced by the one of
the role, so that no key of another role remains in its memory or in `/proc/self/environ`.
"""

import os
import resource
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from helpline.commands.operate.up import RESTORE_KEY_GIVEN, environ_of, prepare, say_demo
from helpline.content import content_cache
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import PREFIX, Role
from helpline.keys import keyring
from helpline.operations import processes
from helpline.operations.processes import Part

LOOPBACK = "127.0.0.1"
PARTS: Mapping[Role, Callable[[Mapping[str, str], str, int], Part]] = {
    Role.PUBLIC: processes.public,
    Role.CONSOLE: processes.console,
    Role.WORKER: lambda environ, _host, _port: processes.worker(environ),
    Role.CLOCK: lambda environ, _host, _port: processes.clock(environ),
}


def run(name: str, host: str, port: int | None) -> None:
    """Become the process of this role. Raise `ConfigError` if a setting is wrong."""
    part = part_of(Role(name), os.environ, host, port)
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its memory holds telephone numbers
    os.execve(part.command[0], part.command, dict(part.environ))  # noqa: S606  # no shell, our own interpreter


def part_of(role: Role, environ: Mapping[str, str], host: str = LOOPBACK, port: int | None = None) -> Part:
    """Return the process of a role: its command, and its whole environment.

    The demo makes what is missing, as `komek up` does. Raise `ConfigError` if a setting is wrong.
    """
    if any(f"{PREFIX}RESTORE_KEY{end}" in environ for end in ("", "_FILE")):
        raise ConfigError([RESTORE_KEY_GIVEN])
    own = environ_of(role, environ)
    config = Config.read(own)
    if config.demo:
        if host != LOOPBACK:
            raise ConfigError([f"the demo listens on {LOOPBACK} only: set {PREFIX}CHANNELS, or leave out --host"])
        own |= _for_demo(role, config)
    part = PARTS[role](own, host, port or _port(role, config, environ))
    return replace(part, environ=own)


def _port(role: Role, config: Config, environ: Mapping[str, str]) -> int:
    """Return the port of a web: its setting, or else `PORT`, which starters of a Procfile choose.

    In the demo `PORT` does not count, because the workers find the emulator by the setting.
    """
    setting = "console_port" if role is Role.CONSOLE else "port"
    chosen = environ.get("PORT", "")
    if config.demo or f"{PREFIX}{setting.upper()}" in environ or not chosen.isdecimal():
        return int(getattr(config, setting))
    return int(chosen)


def _for_demo(role: Role, config: Config) -> dict[str, str]:
    """Return the demo's keys of a role. For the public web, also prepare the database and print the addresses."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = keyring.for_role(keyring.load_or_create(config.data / "keys"), role)
    if role is not Role.PUBLIC:
        return made
    secret = ",".join(config.secrets) or secrets.token_urlsafe(24)
    prepare(config, content_cache.load(config))
    say_demo(config, secret)
    return made | {f"{PREFIX}WEBHOOK_SECRET": secret}
