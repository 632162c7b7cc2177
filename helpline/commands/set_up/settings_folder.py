"""The folder that `komek setup` writes: plain settings, one file for each secret, and one settings file for each role.

- `komek.env`: the plain settings, as `KOMEK_NAME=value` lines. systemd and Docker Compose read it (deploy/)
- `secrets/NAME`: one secret each. Only the user who runs `setup` can read them (mode 0600)
- `roles/ROLE.env`: what the process of a role is given: the plain settings, and the paths of its own secrets
- `systemd/UNIT.d/secrets.conf`: the same for the units of deploy/systemd, which get their secrets as credentials
- `systemd/UNIT.d/komek.conf`: what is added to the units of Caddy and PostgreSQL
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from helpline.core.process_keys import CHANNEL_PREFIX, PREFIX, Role, may_have

USUAL_FOLDER = Path("/etc/komek")
"""The folder on a server. The files of deploy/ name it."""
OF_COMMANDS = "/var/lib/komek/command"
"""The data folder of commands there, beside those of the units: `komek clock` looks into them."""
OTHER_UNITS = {
    "caddy.service": "[Unit]\nStartLimitIntervalSec=0\n\n"
    "[Service]\nEnvironmentFile={folder}/komek.env\nRestart=always\nRestartSec=2\n",
    "postgresql@.service": "[Service]\nRestart=always\nRestartSec=2\n",
}
"""Units of Debian → what is added. As they are there, one that was killed stays down, and callers reach nobody.

`on-abnormal` would do nothing: Debian's unit of PostgreSQL ignores how the server ended (`ExecStart=-`).
`systemctl stop` still stops it.
"""
HEAD = "# Made by `komek setup`. Run it again to change something; lines that it does not know are kept.\n"
BACKUP = "BACKUP_FOLDER"
"""The plain setting with the folder of backups. It is for timers and scripts, not for Komek itself."""
PUBLIC_DATABASE = "database_url_public"
"""The secret with the database's address for the public web, whose own user can read no number."""

IN_UNITS = ("webhook_secret", "gateway_api_key", "metrics_token")
"""The secrets that the units of deploy/systemd name and a deployment may lack."""
UNITS = {
    Role.PUBLIC: "komek-web.service", Role.CONSOLE: "komek-console.service", Role.WORKER: "komek-worker@.service",
    Role.CLOCK: "komek-clock.service", Role.BACKUP: "komek-backup.service",
}  # fmt: skip
"""The units of deploy/systemd."""


@dataclass(slots=True)
class Answers:
    """What was answered so far: environment variables that are plain, and secrets by the names of their files."""

    plain: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    comments: list[str] = field(default_factory=list)
    """Comment lines that somebody wrote into `komek.env`."""

    def environ(self) -> dict[str, str]:
        """Return all variables with their values."""
        given = {**self.plain, **{variable: self.secrets[name] for variable, name in self._variables(None)}}
        return {name: value for name, value in given.items() if name.startswith(PREFIX)}

    def role_file(self, role: Role, folder: Path) -> str:
        """Return the text of the settings file of a role. Secrets are paths in it."""
        lines = [f"{name}={quote(value)}" for name, value in self.plain.items() if name.startswith(PREFIX)]
        lines += [f"{variable}_FILE={quote(str(folder / name))}" for variable, name in self._variables(role)]
        if role is Role.COMMAND and folder.parent == USUAL_FOLDER and f"{PREFIX}DATA" not in self.plain:
            lines.append(f"{PREFIX}DATA={OF_COMMANDS}")
        return HEAD + "".join(f"{line}\n" for line in lines)

    def unit_file(self, role: Role, folder: Path) -> str:
        """Return what the unit of a role is given besides deploy/systemd: exactly the secrets that there are.

        A unit does not start if a credential is missing, so those of the unit itself are replaced.
        """
        given = [(variable, variable.removeprefix(PREFIX).lower(), name) for variable, name in self._variables(role)]
        gone = [f"{PREFIX}{name.upper()}_FILE" for name in IN_UNITS if may_have(f"{PREFIX}{name.upper()}", role)]
        unset = [name for name in gone if name.removesuffix("_FILE") not in {variable for variable, *_ in given}]
        lines = ["[Service]", "LoadCredential="]
        lines += [f"LoadCredential={id}:{folder / name}" for _, id, name in given]
        lines += [f"Environment={variable}_FILE=%d/{id}" for variable, id, _ in given]
        lines += [f"UnsetEnvironment={name}" for name in unset]
        if role is Role.BACKUP and BACKUP in self.plain:
            lines.append(f"ReadWritePaths={self.plain[BACKUP]}")
        return HEAD + "".join(f"{line}\n" for line in lines)

    def _variables(self, role: Role | None) -> Iterator[tuple[str, str]]:
        """Yield each variable that holds a secret of a role (None: of any), with the name of the secret."""
        for name in self.secrets:
            if name == PUBLIC_DATABASE:
                continue
            variable = f"{PREFIX}{name.upper()}"
            if role is None or variable == f"{PREFIX}DATABASE_URL" or may_have(variable, role):
                own = PUBLIC_DATABASE if role is Role.PUBLIC and name == "database_url" else name
                yield variable, own if own in self.secrets else name


def read(folder: Path) -> Answers:
    """Return what `folder` holds: nothing at first. Raise `OSError` if it cannot be read."""
    answers = Answers()
    if (file := folder / "komek.env").exists():
        for line in file.read_text().splitlines():
            name, sign, value = line.partition("=")
            if line.startswith("#") and f"{line}\n" != HEAD:
                answers.comments.append(line)
            elif sign and not line.startswith("#"):
                answers.plain[name.strip()] = value.strip()
    if (secrets := folder / "secrets").is_dir():
        answers.secrets = {
            each.name: each.read_text().strip() for each in sorted(secrets.iterdir())
            if each.is_file() and not each.name.startswith(".")
        }  # fmt: skip
    return answers


def write(folder: Path, answers: Answers) -> None:
    """Write everything into `folder`. Each file is whole or as before, and readable by this user only."""
    for each in (folder, folder / "secrets", folder / "roles", folder / "systemd"):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [*answers.comments, *(f"{name}={value}" for name, value in answers.plain.items())]
    _write(folder / "komek.env", HEAD + "".join(f"{line}\n" for line in lines))
    for name, value in answers.secrets.items():
        _write(folder / "secrets" / name, f"{value}\n")
    secrets = folder.resolve() / "secrets"
    for role in Role:
        _write(folder / "roles" / f"{role}.env", answers.role_file(role, secrets))
    for role, unit in UNITS.items():
        (place := folder / "systemd" / f"{unit}.d").mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(place / "secrets.conf", answers.unit_file(role, secrets))
    for unit, text in OTHER_UNITS.items():
        (place := folder / "systemd" / f"{unit}.d").mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(place / "komek.conf", HEAD + text.format(folder=folder.resolve()))


def _write(file: Path, text: str) -> None:
    if file.exists() and file.read_text() == text:
        return
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600, exist_ok=False)
    with new.open("w") as open_file:
        open_file.write(text)
        open_file.flush()
        os.fsync(open_file.fileno())
    if file.exists():  # a container's user may own it
        was = file.stat()
        os.chown(new, was.st_uid, was.st_gid)
        new.chmod(stat.S_IMODE(was.st_mode))
    new.replace(file)


def channel_secret(channel: str, name: str) -> str:
    """Return the name of the file with a secret of a channel: `channel_beeline_api_key`."""
    return f"{CHANNEL_PREFIX}{channel}_{name}".removeprefix(PREFIX).lower().replace("-", "_")
