"""Try mutants in forks of one process that has imported pytest and the libraries, but no module of the project.

`mutants.py` runs this file as a script, with a JSON object on stdin: `root` (the checkout), `jobs` (each with a `patch`
and its `tests`) and `cores`. Starting an interpreter and importing the libraries takes longer than most tests, so it is
done once. Each mutant has a tree of hard links to the checkout, in which only the patched files are its own.

Each line of stdout is a result as JSON: first `{"broken": …}`, which is what pytest printed if a test does not pass on
the code as it is; then `{"patch": …, "fault": …, "seconds": …}` for each mutant. Its fault is empty if all is well.

What fails is tried once more, with nothing beside it: a test of processes or of time may miss its moment on a busy
machine. Properties are tried with the same examples each time.
"""

import contextlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

OPTIONS = ("-q", "-rf", "--color=no", "-pno:cacheprovider", "-ppytest_timeout", "-m", "not postgres and not nightly")
"""One kind of database and the runs by day are enough to see a break. Importing a plugin takes as long as a test."""
LEFT_OUT = shutil.ignore_patterns(".venv*", ".git", ".*_cache", ".hypothesis", "build", "data", "dist")
"""What is at the top of a checkout and is not part of it: environments, history, and a demo's data with its keys."""
PLUGINS = re.compile(r"pytest_|_pytest|xdist|_hypothesis|__main__")
"""Modules that only the forks import: pytest rewrites the assertions of its plugins, and must import them itself."""
SHARES = 4
"""For each core, so that the cores finish at about the same time though some tests take long."""
RESULT, OUTPUT = "result", "output"
"""The files in which a fork leaves its result, and what pytest printed."""
DIED = "its process died"


def main() -> None:
    """Run all tests on the code as it is, then try each mutant."""
    given = json.load(sys.stdin)
    root, jobs, cores = Path(given["root"]), given["jobs"], given["cores"]
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", TEST_EXAMPLES="same")
    tests = sorted({test for job in jobs for test in job["tests"]})
    with tempfile.TemporaryDirectory(prefix="komek-mutants-") as made:
        folder = Path(made).resolve()
        import_libraries(root, folder, tests)
        broken = unbroken(root, folder, tests, cores)
        say(broken=broken)
        if broken:
            return
        again = []
        for job, fault, seconds in tried(root, folder, jobs, cores):
            if fault:
                again.append(job)
            else:
                say(patch=job["patch"], fault="", seconds=seconds)
        for job, fault, seconds in tried(root, folder, again, 1):
            say(patch=job["patch"], fault=fault, seconds=seconds)


def tried(
    root: Path, folder: Path, jobs: Sequence[dict[str, Any]], cores: int
) -> Iterator[tuple[dict[str, Any], str, float]]:
    """Try mutants. Yield each job, its fault and how many seconds it took."""
    tries = [partial(try_one, root, Path(job["patch"]), job["tests"]) for job in jobs]
    for at, seconds in in_forks(folder, tries, cores):
        fault = left(folder / str(at))
        shutil.rmtree(folder / str(at))
        yield jobs[at], fault, seconds


def say(**result: object) -> None:
    """Print a result."""
    print(json.dumps(result), flush=True)


def left(folder: Path, name: str = RESULT) -> str:
    """Return what a fork left in one of its files."""
    return (folder / name).read_text() if (folder / name).exists() else DIED


def import_libraries(root: Path, folder: Path, tests: Sequence[str]) -> None:
    """Import the libraries that the tests use. A fork finds them, since this process imports nothing of the project."""
    for at, _ in in_forks(folder, [partial(name_libraries, root, tests)], 1):
        for name in left(folder / str(at)).split():
            with contextlib.suppress(Exception):  # some parts of libraries cannot be imported by themselves
                importlib.import_module(name)
        shutil.rmtree(folder / str(at))
    if threading.active_count() > 1:
        raise RuntimeError("a library has started a thread, which would be missing in the forks")


def name_libraries(root: Path, tests: Sequence[str], folder: Path) -> None:
    """Leave the names of the libraries that are imported together with the tests."""
    pytest_in(root, folder, "--collect-only", *tests)
    files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
    own = {name for name, file in files.items() if file.startswith(f"{root}/") and "/site-packages/" not in file}
    names = (name for name, file in files.items() if file and name not in own and not PLUGINS.match(name))
    (folder / RESULT).write_text("\n".join(names))


def unbroken(root: Path, folder: Path, tests: Sequence[str], cores: int) -> str:
    """Run the tests on the code as it is. Return what pytest printed if any of them does not pass."""
    most = -(-len(tests) // (SHARES * cores))
    shares = [tests[at : at + most] for at in range(0, len(tests), most)]
    failed = dict(failures(root, folder, shares, cores))
    return "\n".join(said for _, said in failures(root, folder, [shares[at] for at in failed], 1))


def failures(root: Path, folder: Path, shares: Sequence[Sequence[str]], cores: int) -> Iterator[tuple[int, str]]:
    """Run each share of the tests. Yield the number and the output of those that do not pass."""
    for at, _ in in_forks(folder, [partial(leave_code, root, ["--tb=short", *share]) for share in shares], cores):
        if left(folder / str(at)) != "0":
            yield at, left(folder / str(at), OUTPUT)
        shutil.rmtree(folder / str(at))


def try_one(root: Path, patch: Path, tests: Sequence[str], folder: Path) -> None:
    """Leave how a mutant got away: an empty text if each of its tests failed on it, as it should."""
    (folder / RESULT).write_text(escaped(root, patch, tests, folder))


def escaped(root: Path, patch: Path, tests: Sequence[str], folder: Path) -> str:
    """Break a tree and run the tests in it. Say how the mutant got away, or return an empty text."""
    tree = folder / root.name
    link(root, tree)
    if fault := apply(patch, tree):
        return f"does not apply: {fault}"
    tasks = [partial(leave_code, tree, ["-x", "--tb=no", "--assert=plain", test]) for test in tests]
    for at, _ in in_forks(folder, tasks, 1):
        code, said = left(folder / str(at)), left(folder / str(at), OUTPUT)
        if code == "0":
            return f"SURVIVED {tests[at]}"
        if code != "1" or f"FAILED {tests[at]}" not in said:
            return f"{tests[at]} did not run (pytest's exit code {code}): it must fail, not break"
    return ""


def in_forks(folder: Path, tasks: Sequence[Callable[[Path], None]], cores: int) -> Iterator[tuple[int, float]]:
    """Run each task in a fork and a new folder. Yield the number and the seconds of each task that has ended."""
    running: dict[int, tuple[int, float]] = {}
    todo = list(enumerate(tasks))[::-1]
    while todo or running:
        while todo and len(running) < cores:
            at, task = todo.pop()
            (folder / str(at)).mkdir()
            running[fork(partial(task, folder / str(at)))] = (at, time.monotonic())
        pid, _ = os.wait()
        at, began = running.pop(pid)
        yield at, time.monotonic() - began


def fork(task: Callable[[], None]) -> int:
    """Run a task in a fork, and nothing else of this process. Return its process id."""
    if pid := os.fork():
        return pid
    try:
        task()
    except BaseException:  # noqa: BLE001  # nothing above may go on in the fork, whatever happens
        traceback.print_exc()
    finally:
        os._exit(0)


def leave_code(tree: Path, arguments: Sequence[str], folder: Path) -> None:
    """Run pytest, and leave its exit code."""
    (folder / RESULT).write_text(str(pytest_in(tree, folder, *arguments)))


def pytest_in(tree: Path, folder: Path, *arguments: str) -> int:
    """Run pytest on a tree. What it prints goes to a file. The processes that the tests start see the tree, too."""
    with (folder / OUTPUT).open("w") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    code = int(pytest.main([*OPTIONS, f"--basetemp={folder / 'tmp'}", *arguments]))
    sys.stdout.flush()
    return code


def link(root: Path, tree: Path) -> None:
    """Make a tree of hard links to the checkout, or of copies if the two are not on one file system."""

    def linked(here: str, there: str) -> None:
        try:
            os.link(here, there)
        except OSError:
            shutil.copy2(here, there)

    def ignored(folder: str, names: list[str]) -> set[str]:
        return LEFT_OUT(folder, names) if folder == str(root) else set()

    shutil.copytree(root, tree, ignore=ignored, copy_function=linked)


def patched_files(patch: Path) -> list[str]:
    """Name the files that a patch changes."""
    return re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(), re.MULTILINE)


def apply(patch: Path, tree: Path) -> str:
    """Apply a patch to a tree of links or copies. Return why it does not apply, or an empty text."""
    for path in (tree / name for name in patched_files(patch)):
        if path.exists():
            content = path.read_bytes()
            path.unlink()  # it may be a link, and the checkout must not change
            path.write_bytes(content)
            for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
                compiled.unlink()  # Python would use it if the break has the same size and the same second
    tool = ["git", "apply"] if shutil.which("git") else ["patch", "-p1", "--batch", "--fuzz=0", "-i"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone["GIT_CEILING_DIRECTORIES"] = str(tree.parent)  # inside another checkout, git would skip every file
    done = subprocess.run([*tool, str(patch)], cwd=tree, env=alone, capture_output=True, text=True, check=False)
    return ((done.stdout + done.stderr).strip().splitlines() or ["for no known reason"])[-1] if done.returncode else ""


if __name__ == "__main__":
    main()
