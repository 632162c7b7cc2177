"""Run the steps of a Dockerfile without Docker: each stage in a root folder of its own, over this machine's files.

The base image is not fetched. What stands for `python:3.13-slim` is this machine with the Python of the tests, seen through
an overlay: what a stage writes stays in the overlay. So the steps, users, paths and settings are tried, and the content of
the base image is not.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""`PATH` in a base image of Debian."""


@dataclass(slots=True)
class Stage:
    """One `FROM` of a Dockerfile, and what is said after it."""

    name: str
    steps: list[str] = field(default_factory=list)
    """Commands of a shell, outside the stage's root, with its folder in `$ROOT`."""
    environ: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction of a Dockerfile with its words: comments left out, continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", lines).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def stages(text: str, source: Path, folder: Path) -> list[Stage]:
    """Read a Dockerfile whose `COPY` takes from `source`. The root of a stage is `folder/NAME/root`."""
    found: list[Stage] = []
    for word, rest in instructions(text):
        if word == "FROM":
            name = rest.partition(" AS ")[2] or str(len(found))
            found.append(Stage(name))
            continue
        if word == "COPY":
            found[-1].steps += _copies(rest.split(), source, folder)
        else:
            _note(found[-1], word, rest)
    return found


def _note(stage: Stage, word: str, rest: str) -> None:
    """Note an instruction that copies nothing. Raise `ValueError` for one that this module cannot try."""
    match word:
        case "RUN":
            stage.steps.append(inside(stage, ["sh", "-ec", rest], **_network()))
        case "ENV":
            stage.environ |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        case "USER":
            stage.user = rest
        case "ENTRYPOINT":
            stage.entry = json.loads(rest)
        case "CMD":
            stage.command = json.loads(rest)
        case "EXPOSE":
            pass
        case _:
            raise ValueError(f"this Dockerfile has an instruction that nothing tries: {word}")


def _network() -> dict[str, str]:
    """Return how this machine reaches the network: Docker passes that to `RUN`, too."""
    return {
        name: value for name, value in os.environ.items() if re.match(r"(?i)PIP_|SSL_|HTTPS?_PROXY$|NO_PROXY$", name)
    }


def _copies(words: list[str], source: Path, folder: Path) -> Iterator[str]:
    """A folder's content is copied, not the folder itself."""
    if words[0].startswith("--from="):
        source = folder / words.pop(0).removeprefix("--from=") / "root"
    *names, into = words
    for name in names:
        there, here = source / name.lstrip("/"), f'"$ROOT"{shlex.quote(into)}'
        if into.endswith("/"):
            yield f"mkdir -p {here} && cp -a {shlex.quote(str(there))} {here}"
        else:
            yield (
                f'mkdir -p "$(dirname {here})" && if [ -d {shlex.quote(str(there))} ]; then mkdir -p {here} && '
                f"cp -a {shlex.quote(str(there))}/. {here}; else cp -a {shlex.quote(str(there))} {here}; fi"
            )


def inside(stage: Stage, command: Sequence[str], **more: str) -> str:
    """Return the line of a shell that runs a command in the root of a stage, as its user, with its settings alone."""
    environ = {"PATH": SEARCHED, "HOME": "/var/lib/komek"} | stage.environ | more
    environ = {name: value.replace("$PATH", SEARCHED) for name, value in environ.items()}
    given = " ".join(shlex.quote(f"{name}={value}") for name, value in environ.items())
    return f'chroot --userspec={stage.user} "$ROOT" env -i {given} {shlex.join(command)}'


def python() -> str:
    """Return the path of the Python that stands for the image's: of the same version, if there is one that is whole."""
    for found in (shutil.which("python3.13", path=SEARCHED), os.path.realpath(sys.executable)):
        if found and subprocess.run([found, "-c", "import ensurepip"], check=False).returncode == 0:
            return found
    raise AssertionError("no Python here can make an environment")


def script(text: str, source: Path, folder: Path, at_end: Sequence[str], hidden: Path) -> str:
    """Return a script that builds all stages and then runs `at_end` in a shell, `$ROOT` being the last stage's, read-only.

    It is for `unshare --mount`: its mounts vanish with it. `hidden` is a folder of this machine that no stage may see.
    """
    built = stages(text, source, folder)
    q = shlex.quote
    lines = ["set -eu", f"mkdir -p {q(str(folder))}", f"mount -t tmpfs -o size=2g tmpfs {q(str(folder))}"]
    for stage in built:
        own = folder / stage.name
        lines += [
            f"ROOT={q(str(own / 'root'))}",
            f'mkdir -p {q(str(own))}/upper {q(str(own))}/work "$ROOT"',
            f'mount -t overlay overlay -o lowerdir=/,upperdir={q(str(own))}/upper,workdir={q(str(own))}/work "$ROOT"',
            f'mount -t tmpfs tmpfs "$ROOT"{q(str(hidden))}',
            *(f'mount --rbind {name} "$ROOT"{name}' for name in ("/dev", "/proc")),
            'mkdir -p "$ROOT"/usr/local/bin && chmod o+x "$ROOT"/root',
            f'printf \'#!/bin/sh\\nexec %s "$@"\\n\' {q(python())} > "$ROOT"/usr/local/bin/python',
            'chmod 755 "$ROOT"/usr/local/bin/python',
            *stage.steps,
        ]
    return "\n".join(
        [*lines, 'mount -o remount,bind,ro "$ROOT"', 'mount -t tmpfs -o mode=1777 tmpfs "$ROOT"/tmp', *at_end]
    )
