"""`komek bench start`: how long `komek up` takes to become `ready`, in a new folder and in an existing one.

Each round starts it twice in a folder of its own. The report shows where the time goes: the lines printed on the way,
the processor time of each part, and the imports of the web, which is the last part to be ready. Memory is that of all
processes once it is ready.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.bars import far_beyond, judged
from tests.bench.service import PARTS, ROOT, Service, cpu_seconds, environ, memory_mb, service, tree

BAR_SECONDS, BAR_MB = 2.5, 300
"""A later start must be ready within this time, and all processes together may use so much memory then. The command fails only at three times that: the machine may be busy."""
FIRST, LATER = "first start", "later start"
SAID = {
    "content": "content",
    "database": "database",
    "valkey": "valkey",
    "worker 1": "worker",
    "clock": "clock",
    "web ": "web",
}
"""The beginning of each progress line, and its name in the table."""
INSIDE = """
import sys, time, pathlib
from helpline.content import content_cache
from helpline.core.config import Config
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
def timed(name, work):
    began = time.process_time(); work(); print(name, time.process_time() - began)
db = connect(f"sqlite:///{pathlib.Path(sys.argv[1]) / 'inside.sqlite3'}")
config = Config(data=pathlib.Path(sys.argv[1]))
timed("content", lambda: content_cache.load(config))
timed("content of the last start", lambda: content_cache.load(config))
timed("migrating", lambda: upgrade(db))
timed("nothing to migrate", lambda: upgrade(db))
"""
"""The steps of a start after all imports. Each prints a name and its seconds of processor time."""

Figures = dict[str, list[float]]


def started(data: Path, figures: Figures) -> None:
    """Start it once. Add when it printed what, and each part's processor time by then, in seconds."""
    with service(data) as running:
        figures.setdefault("ready", []).append(running.ready_after)
        figures.setdefault("memory", []).append(sum(map(memory_mb, tree(running.process.pid))))
        for name, used in used_by(running).items():
            figures.setdefault(f"cpu {name}", []).append(used)
        for begins, name in SAID.items():
            when = next(after for after, line in running.printed if line.startswith(begins))
            figures.setdefault(name, []).append(when)


def used_by(running: Service) -> dict[str, float]:
    """Return the processor time of the supervisor and of each part."""
    return {"up": cpu_seconds([running.process.pid]), **{name: cpu_seconds(running.part(name)) for name in PARTS}}


def inside(folder: Path) -> dict[str, float]:
    """Return the processor time of each step of a start other than imports, in seconds."""
    done = subprocess.run(
        [sys.executable, "-c", INSIDE, str(folder)], env=environ({}), capture_output=True, text=True, check=True
    )
    return {name: float(seconds) for name, _, seconds in (line.rpartition(" ") for line in done.stdout.splitlines())}


def imported(module: str) -> Counter[str]:
    """Return the milliseconds for importing `module`, by package. Python's own modules are one package."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    done = subprocess.run(command, env=environ({}), cwd=ROOT, capture_output=True, text=True, check=True)
    spent: Counter[str] = Counter()
    for line in done.stderr.splitlines():
        itself, _, name = line.removeprefix("import time:").split("|")
        top = name.strip().partition(".")[0]
        if itself.strip().isdecimal():
            spent["Python's own" if top in sys.stdlib_module_names else top] += int(itself)
    return Counter({name: micros // 1000 for name, micros in spent.items()})


def report(starts: dict[str, Figures]) -> None:
    """Print when each part was up and what it used."""
    for kind, figures in starts.items():
        times = figures["ready"]
        print(f"{kind}: ready after {median(times):.2f} s ({min(times):.2f}-{max(times):.2f})")
        print("  printed after " + ", ".join(f"{name} {median(figures[name]):.2f}" for name in SAID.values()))
        used = [(name, median(figures[f"cpu {name}"])) for name in ("up", *PARTS)]
        print("  processor    " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in used))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if a later start takes far more time or memory than its bar."""
    parser = argparse.ArgumentParser(prog="komek bench start", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="each a first and a later start (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="one round")
    given = parser.parse_args(arguments)
    starts: dict[str, Figures] = {FIRST: {}, LATER: {}}
    with tempfile.TemporaryDirectory(prefix="komek-bench-", ignore_cleanup_errors=True) as folder:
        for at in range(1 if given.quick else given.rounds):
            for figures in starts.values():
                started(Path(folder) / str(at), figures)
        seconds = inside(Path(folder))
    report(starts)
    print("once imported: " + ", ".join(f"{name} {1000 * used:.0f} ms" for name, used in seconds.items()))
    spent = imported("gateway.app")
    print(f"the web's imports, {spent.total()} ms: " + ", ".join(f"{name} {ms}" for name, ms in spent.most_common(10)))
    times, amounts = starts[LATER]["ready"], starts[LATER]["memory"]
    later, used = median(times), median(amounts)
    spread = f"({min(times):.2f}-{max(times):.2f})"
    print(f"later starts take {later:.2f} s {spread}; the bar is {BAR_SECONDS} s: {judged(later, BAR_SECONDS)}")
    spread = f"({min(amounts):.0f}-{max(amounts):.0f})"
    print(f"memory (PSS) of all processes: {used:.0f} MB {spread}; the bar is {BAR_MB} MB: {judged(used, BAR_MB)}")
    return int(far_beyond((later, BAR_SECONDS), (used, BAR_MB)))


if __name__ == "__main__":
    sys.exit(main())
