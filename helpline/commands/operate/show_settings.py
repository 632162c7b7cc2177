"""`komek settings`: what each setting is here, and docs/settings.md, which is made from the same table."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise

import click
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from helpline.core.config import Config
from helpline.core.process_keys import COPIES_KEYS, FORBIDDEN, HOLDS, KEYS, PREFIX, Role
from helpline.core.settings import Gateway, Keys, Place, Policy

GROUPS: dict[str, type[BaseModel]] = {
    "Where and what": Place,
    "The gateway": Gateway,
    "Keys": Keys,
    "Policy": Policy,
}
PROCESSES = {
    Role.PUBLIC: "public web",
    Role.CONSOLE: "console",
    Role.WORKER: "workers",
    Role.CLOCK: "clock",
    Role.BACKUP: "`komek backup`",
    Role.COMMAND: "commands",
}
PASSWORD = re.compile(r"(?<=://)([^:/@]*):.*@|(?<=password=)[^&]*")
"""The password in the address of a database or queue, before the last @ or as a parameter."""
HEAD = f"""\
# All settings

Made by `komek settings --page` from `helpline/core/settings.py`; a test compares. How to run Komek:
[operations.md](operations.md).

All settings are environment variables named `{PREFIX}…`. Each process reads them once, at its start. A misspelt name is
refused ("did you mean …?"), and all errors are reported together. `komek settings` shows what they are here, and no
secret.

**From a file.** Each setting can be given as a file: `{PREFIX}WORDS_KEY_FILE=/run/secrets/words`. Spaces and line
breaks around the content are ignored. Use one form or the other, not both. Use files for secrets: every program of the
same user can read the environment.

The rules behind the numbers (R34 and so on) are in [rules.md](rules.md). Agree on each number with the services and a
lawyer of the country before real callers depend on it.
"""
CHANNEL_SECRETS = f"""
With `{PREFIX}CHANNELS_FILE`, each channel has its own secret, `{PREFIX}CHANNEL_<NAME>_WEBHOOK_SECRET` for the public
web, and its own secrets for sending, which workers and clock alone get (`{PREFIX}CHANNEL_<NAME>_API_KEY`, for
example). Each may be given as a file with `_FILE` at the end. The settings of the table above, from
`{PREFIX}WEBHOOK_SECRET` to `{PREFIX}GATEWAY_URL` without `{PREFIX}TRUST_PROXY`, then count for nothing.

More: [channels/README.md](channels/README.md), [channels/africastalking.md](channels/africastalking.md),
[channels/kannel.md](channels/kannel.md).
"""


@click.command("settings")
@click.option("--page", is_flag=True, help="Print docs/settings.md instead.")
def settings_command(page: bool) -> None:
    """Show each setting as a process started here would read it. Secrets are only `set` or `not set`."""
    if page:
        click.echo(made(), nl=False)
        return
    config = Config.read()
    for title, group in GROUPS.items():
        click.echo(f"\n{title}" if title != next(iter(GROUPS)) else title)
        for name, field in group.model_fields.items():
            click.echo(f"  {_variable(name):<32} {_shown(getattr(config, name), field)}")


def made() -> str:
    """Return the text of docs/settings.md."""
    return "\n".join([HEAD, *(line for title, group in GROUPS.items() for line in _section(title, group))]) + "\n"


def told_of(group: type[BaseModel]) -> dict[str, str]:
    """Return what each setting of a group decides: the docstring under its field.

    Pydantic could do it as well, and would read the source at each start of each process.
    """
    body = next(node.body for node in ast.walk(ast.parse(inspect.getsource(group))) if isinstance(node, ast.ClassDef))
    return {
        field.target.id: inspect.cleandoc(told.value.value)
        for field, told in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(told, ast.Expr) and isinstance(told.value, ast.Constant) and isinstance(told.value.value, str)
    }  # fmt: skip


def _section(title: str, group: type[BaseModel]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{group.__doc__}\n"
    titles = [
        "setting",
        "held by" if group is Keys else "default",
        *(["range"] if group is Policy else []),
        "what it is",
    ]
    yield f"| {' | '.join(titles)} |"
    yield "|---" * len(titles) + "|"
    told = told_of(group)
    for name, field in group.model_fields.items():
        cells = [f"`{_variable(name)}`", _holders(name) if group is Keys else _default(field)]
        if group is Policy:
            cells.append(_range(name, field))
        cells.append(told[name].replace("\n", " ").replace("|", "\\|"))
        yield f"| {' | '.join(cells)} |"
    if group is Gateway:
        yield CHANNEL_SECRETS.rstrip()
    if group is Keys:
        yield "\nSome processes refuse to start with a key that they must not hold:\n"
        yield "| process | refuses |\n|---|---|"
        for role, keys in FORBIDDEN.items():
            outside = " (not in the demo)" if role is Role.BACKUP else ""
            listed = ", ".join(key.removesuffix("_key") for key in (*KEYS, *COPIES_KEYS) if key in keys)
            yield f"| {PROCESSES[role]}{outside} | {listed} key |"
    if group is not Policy:
        yield ""


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr) or value is None or value in ("", ()) or value is PydanticUndefined:
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _range(name: str, field: FieldInfo) -> str:
    """Return the unit, which is the last word of a name, and the limits."""
    least = next((mark.ge for mark in field.metadata if hasattr(mark, "ge")), None)
    most = next((mark.le for mark in field.metadata if hasattr(mark, "le")), None)
    unit = name.rpartition("_")[2]
    limits = f"at least {least}" if most is None else f"{least} to {most}"
    return f"{unit}, {limits}" if unit in {"days", "hours", "minutes", "seconds"} else limits


def _holders(name: str) -> str:
    """Return the processes that are given a key. A command gets its keys from the person who runs it."""
    if name == "restore_key":
        return "only `komek restore`"
    return ", ".join(PROCESSES[role] for role, keys in HOLDS.items() if role is not Role.COMMAND and name in keys)


def _shown(value: object, field: FieldInfo) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if isinstance(value, bool):
        text = str(value).lower()
    else:
        text = ", ".join(map(str, value)) if isinstance(value, tuple) else str("" if value is None else value)
    text = PASSWORD.sub(lambda found: "…" if found[1] is None else f"{found[1]}:…@", text)
    return f"{text or '(empty)'}{'' if value == field.default else '  (not the default)'}"
