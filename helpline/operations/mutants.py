"""Break the code on purpose, and check that the tests notice.

A mutant is `tests/mutants/rNN….patch`, `threat-….patch` or `fault-….patch`, one small break of a safety rule, or of
what keeps the service up (docs/faults.md). It begins with the tests that must fail on it:

    # kills: tests/rules/test_contact.py::test_r12_a_caller_is_sent_only_these_texts
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline.operations import mutant_forks

MOST_LINES = 5
"""A mutant breaks one thing: it removes at most so many lines, and adds at most as many."""
EVERY_TEST = ("pyproject.toml", "requirements.lock", "requirements-test.lock", "helpline/operations/mutant")
"""Files on which the result of every mutant may depend, by the beginning of their name."""
MAIN_BRANCHES = ("origin/HEAD", "origin/main", "main")
FIRST = re.compile(r"r\d\d\.patch")
"""The name of a rule's first mutant. It is tried in each run."""
TURNS = 7
"""In how many days of commits each of the other mutants has its turn."""
RECENT = 20
"""How many commits count as recent."""
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Mutant:
    """A break of the code."""

    path: Path
    tests: tuple[str, ...]
    """The tests that must fail on it."""
    fault: str
    """What is wrong with the patch itself, or an empty string."""

    @property
    def files(self) -> set[str]:
        """The names of the files that it breaks, and of those with its tests."""
        return {*mutant_forks.patched_files(self.path), *(test.partition("::")[0] for test in self.tests)}


def read_mutant(path: Path) -> Mutant:
    """Read a patch: its `# kills:` lines, and whether it is small enough."""
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


def all_mutants(root: Path) -> list[Mutant]:
    """Read all mutants of a checkout."""
    return [read_mutant(path) for path in sorted((root / "tests" / "mutants").glob("*.patch"))]


def try_mutants(root: Path, mutants: Sequence[Mutant]) -> int:
    """Check that each mutant's tests fail on it, and pass on the code as it is. Return the exit code."""
    if not mutants:
        print("no mutants: tests/mutants has no patch")
        return 1
    if not shutil.which("git") and not shutil.which("patch"):
        print("mutants need `git` or `patch`; Debian: apt install git")
        return 1
    whole = [mutant for mutant in mutants if not mutant.fault]
    tests = {test for mutant in whole for test in mutant.tests}
    print(f"{len(tests)} tests must pass on the code as it is, and fail on {len(whole)} mutants:", flush=True)
    wide = max(len(mutant.path.name) for mutant in mutants)
    faults = {mutant.path.name: mutant.fault for mutant in mutants if mutant.fault}
    for name, fault in faults.items():
        print(f"{name:{wide}}  FAULT: {fault}")
    for result in _results(root, whole):
        if "broken" in result:
            if result["broken"]:
                print(result["broken"], "These must pass before a mutant can mean anything.", sep="\n")
                return 1
            continue
        name, fault = Path(result["patch"]).name, result["fault"]
        faults[name] = fault
        print(f"{name:{wide}}  {f'FAULT: {fault}' if fault else 'killed':60}  {result['seconds']:5.1f} s", flush=True)
    missed = [mutant.path.name for mutant in mutants if faults.get(mutant.path.name, "not tried")]
    print(f"mutants: {len(mutants) - len(missed)} passed, {len(missed)} failed", *missed)
    return 1 if missed else 0


def _results(root: Path, mutants: Sequence[Mutant]) -> Iterator[dict[str, Any]]:
    """Start the process that tries mutants, and read its results."""
    jobs = [{"patch": str(mutant.path), "tests": mutant.tests} for mutant in mutants]
    given = json.dumps({"root": str(root), "jobs": jobs, "cores": os.cpu_count() or 1})
    command = [sys.executable, "-P", mutant_forks.__file__]  # -P: its folder is no place to import from
    with tempfile.TemporaryFile("w+") as file:
        file.write(given)
        file.seek(0)
        with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, text=True, env=environment()) as process:
            yield from map(json.loads, process.stdout or ())


def environment() -> dict[str, str]:
    """Return the environment for tests: this one, but what is compiled is kept.

    Images of containers often set PYTHONDONTWRITEBYTECODE. Each of the thousand processes of the tests would then
    compile again all that it imports, which takes longer than most of them live.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def changed(root: Path) -> tuple[list[Mutant], str]:
    """Return the mutants that a change may have made useless, and how that was decided; all of them when in doubt."""
    mutants = all_mutants(root)
    base, named = _base(root)
    if not base:
        return mutants, "all mutants: there is no earlier commit to compare with"
    names = _git(root, "diff", "--name-only", base) + _git(root, "ls-files", "--others", "--exclude-standard")
    for name in names:
        if name.startswith(EVERY_TEST) or (re.match(r"tests/.*\.py$", name) and "/test_" not in name):
            return mutants, f"all mutants: {name} has changed since {named}, and every test may depend on it"
    chosen = [mutant for mutant in mutants if {str(mutant.path.relative_to(root)), *mutant.files}.intersection(names)]
    said = f"{len(chosen)} of {len(mutants)} mutants: their code or their tests have changed since {named}"
    return chosen, f"{said}; `komek test --mutants` tries all"


def in_turn(root: Path) -> tuple[list[Mutant], str]:
    """Return the mutants for a run that must be short, and how they were chosen; all of them when in doubt.

    They are the first one of each rule, those whose code or tests recent commits changed, and a share of the others,
    which is another one each day.
    """
    mutants = all_mutants(root)
    told, base = _git(root, "log", "-1", "--format=%ct"), _git(root, "rev-parse", "--verify", "-q", f"HEAD~{RECENT}")
    if not told or not base:
        return mutants, f"all mutants: the checkout has no history of {RECENT} commits"
    names = _git(root, "diff", "--name-only", base[0]) + _git(root, "ls-files", "--others", "--exclude-standard")
    turn = int(told[0]) // SECONDS_A_DAY % TURNS
    chosen = [
        mutant
        for at, mutant in enumerate(mutants)
        if at % TURNS == turn
        or FIRST.fullmatch(mutant.path.name)
        or {str(mutant.path.relative_to(root)), *mutant.files}.intersection(names)
    ]
    said = f"{len(chosen)} of {len(mutants)} mutants: the first of each rule, those of the last {RECENT} commits"
    return chosen, f"{said}, and of the others those whose turn is this day; `komek test --mutants` tries all"


def _base(root: Path) -> tuple[str, str]:
    """Return the commit with which the checkout is compared, and how to call it; empty strings if there is none."""
    for branch in MAIN_BRANCHES:
        if (found := _git(root, "merge-base", "HEAD", branch)) and found != _git(root, "rev-parse", "HEAD"):
            return found[0], f"{found[0][:9]}, where it left {branch}"
    previous = _git(root, "rev-parse", "--verify", "--quiet", "HEAD~1")
    return (previous[0], f"{previous[0][:9]}, the commit before") if previous else ("", "")


def _git(root: Path, *command: str) -> list[str]:
    """Return the lines that git printed; none if it failed or is not installed."""
    if not shutil.which("git"):
        return []
    done = subprocess.run(["git", "-C", str(root), *command], capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []
