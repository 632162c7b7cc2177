"""The launcher, started as a user starts it, in its own checkout and without a network.

One test creates a real environment, from a wheel of its own. The others use a stand-in for the interpreter, which
records its arguments.
"""

import ast
import base64
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[1] / "komek"
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
CLI = """\
import os, sys
try:
    import bell
    rung = bell.RUNG
except ImportError:
    rung = "no bell"
print(sys.argv[1:], rung, repr(os.environ.get("PYTHONTZPATH")), sys.prefix)
"""
STAND_IN = """\
#!/bin/sh
echo "$@" >> {log}
case "$*" in
*pip*) {pip} ;;
*venv*) mkdir -p "$3/bin" "$3/lib/python3/site-packages" && cp "$0" "$3/bin/python" ;;
esac
"""


class Checkout:
    """A folder with the launcher in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "helpline").mkdir(parents=True)
        (root / "helpline" / "__init__.py").touch()
        (root / "helpline" / "cli.py").write_text(CLI)
        shutil.copy(LAUNCHER, root / "komek")
        for lock in ("requirements.lock", "requirements-test.lock"):
            (root / lock).write_text(f"# {lock}: nothing to install\n")
        self.log = root / "asked.log"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "komek"), *arguments]

    def environ(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.root)}

    def start(self, *arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        env = self.environ() | environ
        return subprocess.run(
            self.command(*arguments), cwd=cwd or self.root, env=env, capture_output=True, text=True, check=False
        )

    def stamp(self, *locks: str) -> str:
        hashes = [f"{lock} {hashlib.sha256((self.root / lock).read_bytes()).hexdigest()}\n" for lock in locks]
        return f"{MINOR}\n" + "".join(hashes)

    def stand_in(self, stamp: str, pip: str = "exit 0", venv: str = ".venv") -> Path:
        """Create an environment whose interpreter only records its arguments. Return its stamp."""
        python = self.root / venv / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(STAND_IN.format(log=self.log, pip=pip))
        python.chmod(0o755)
        shutil.copy(python, self.root / "python")
        (self.root / venv / ".komek").write_text(stamp)
        return self.root / venv / ".komek"

    @property
    def by_stand_in(self) -> str:
        """Create the environment with the stand-in if a new one is needed."""
        return f"import sys; sys.executable = {str(self.root / 'python')!r}"

    def command_as_if(self, before: str, *arguments: str) -> list[str]:
        """Return a command in an interpreter that `before` has changed."""
        code = f"{before}; import runpy; runpy.run_path({str(self.root / 'komek')!r}, run_name='__main__')"
        return [sys.executable, "-c", code, *arguments]

    def start_as_if(self, before: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = self.command_as_if(before, *arguments)
        return subprocess.run(command, env=self.environ() | environ, capture_output=True, text=True, check=False)

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def wheel(folder: Path, name: str) -> str:
    """Build a wheel of one module. Return a lock file with only that wheel."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    files = {
        f"{name}.py": "RUNG = 'ding'\n",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as made:
        record = ""
        for file, text in files.items():
            made.writestr(file, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{file},sha256={digest},{len(text)}\n"
        made.writestr(f"{name}-1.0.dist-info/RECORD", record + f"{name}-1.0.dist-info/RECORD,,\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"--no-index\n--find-links {folder}\n{name}==1.0 --hash=sha256:{digest}\n"


def test_a_first_start_installs_the_next_is_silent_and_a_changed_package_is_refused(checkout: Checkout) -> None:
    (checkout.root / "requirements.lock").write_text(wheel(checkout.root / "wheels", "bell"))
    first = checkout.start("dial", "--lang", "kk", "two words", "")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{['dial', '--lang', 'kk', 'two words', '']} ding '' {checkout.root}/.venv\n"
    assert "the first start" in first.stderr
    assert "installing 1 packages, each checked against its hash" in first.stderr

    second = checkout.start("--help")
    assert second.stdout == f"['--help'] ding '' {checkout.root}/.venv\n"
    assert second.stderr == ""

    (checkout.root / "requirements-test.lock").write_text(wheel(checkout.root / "wheels", "knock")[:-5] + "0000\n")
    refused = checkout.start("test")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert "then start again" in refused.stderr
    assert (checkout.root / ".venv" / ".komek").read_text() == f"{MINOR}\n"


def test_a_ready_environment_is_used_as_it_is(checkout: Checkout) -> None:
    checkout.stand_in(checkout.stamp("requirements.lock"))
    done = checkout.start("graph", "--dot")
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.asked() == ["-m helpline.cli graph --dot"]


def test_nothing_is_imported_from_the_current_folder_or_pythonpath(checkout: Checkout, tmp_path: Path) -> None:
    python = checkout.stand_in(checkout.stamp("requirements.lock")).parent / "bin" / "python"
    python.write_text('#!/bin/sh\necho "safe=$PYTHONSAFEPATH path=$PYTHONPATH"\n')
    assert checkout.start("up", cwd=tmp_path, PYTHONPATH=str(tmp_path)).stdout == "safe=1 path=\n"


@pytest.mark.parametrize("arguments", [["up"], ["up", "test"], []])
def test_only_tests_and_benchmarks_install_the_test_packages(checkout: Checkout, arguments: list[str]) -> None:
    checkout.stand_in(checkout.stamp("requirements.lock"))
    checkout.start(*arguments)
    assert len(checkout.asked()) == 1


def test_the_first_test_run_or_benchmark_adds_the_test_packages_once(checkout: Checkout) -> None:
    stamp = checkout.stand_in(checkout.stamp("requirements.lock"))
    checkout.start("bench", "view")
    checkout.start("test", "-q")
    checkout.start("up")
    pip, *rest = checkout.asked()
    assert "--require-hashes --only-binary :all:" in pip
    assert pip.endswith("requirements-test.lock")
    assert rest == ["-m helpline.cli bench view", "-m helpline.cli test -q", "-m helpline.cli up"]
    assert stamp.read_text() == checkout.stamp("requirements.lock", "requirements-test.lock")


def test_a_failed_install_shows_its_last_lines_and_leaves_no_stamp(checkout: Checkout) -> None:
    stamp = checkout.stand_in(checkout.stamp("requirements.lock"), pip="seq 1 50; echo no network >&2; exit 3")
    failed = checkout.start("test")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "    no network\n" in failed.stderr
    assert "    38\n" not in failed.stderr
    assert stamp.read_text() == f"{MINOR}\n"
    assert len(checkout.asked()) == 1


@pytest.mark.parametrize("change", ["the lock", "the test lock", "the interpreter", "broken off"])
def test_an_outdated_or_broken_environment_is_rebuilt(checkout: Checkout, change: str) -> None:
    stamp = checkout.stand_in(checkout.stamp("requirements.lock", "requirements-test.lock"))
    (stamp.parent / "left-over").touch()
    if change == "the lock":
        (checkout.root / "requirements.lock").write_text("# changed\n")
    elif change == "the test lock":
        (checkout.root / "requirements-test.lock").write_text("# changed\n")
    elif change == "the interpreter":
        (stamp.parent / "bin" / "python").unlink()
    else:
        stamp.write_text(f"{MINOR}\n")
    done = checkout.start_as_if(checkout.by_stand_in, "test")
    assert done.returncode == 0, done.stderr
    assert ("a start broke off" if change == "broken off" else "what is locked has changed") in done.stderr
    assert not (stamp.parent / "left-over").exists()
    assert stamp.read_text() == checkout.stamp("requirements.lock", "requirements-test.lock")
    assert (stamp.parent / "lib/python3/site-packages/komek.pth").read_text() == "../../../..\n"
    assert [path.name for path in checkout.root.glob(".venv*")] == [".venv"]


def test_a_second_interpreter_gets_its_own_environment(checkout: Checkout) -> None:
    other = checkout.stand_in("3.9\nrequirements.lock 00\n")
    checkout.stand_in(checkout.stamp("requirements.lock"), venv=f".venv-{MINOR}")
    assert checkout.start("up").returncode == 0
    assert other.read_text() == "3.9\nrequirements.lock 00\n"
    assert checkout.asked() == ["-m helpline.cli up"]


def test_an_environment_of_another_tool_is_left_alone(checkout: Checkout) -> None:
    for name in (".venv", f".venv-{MINOR}"):
        (checkout.root / name).mkdir()
        (checkout.root / name / "other").touch()
    refused = checkout.start("up")
    assert refused.returncode == 1
    assert f".venv-{MINOR} was not made by this launcher" in refused.stderr
    assert (checkout.root / ".venv" / "other").exists()
    assert (checkout.root / f".venv-{MINOR}" / "other").exists()


@pytest.mark.parametrize(("default", "package"), [(True, "python3-venv"), (False, f"python{MINOR}-venv")])
def test_a_missing_venv_module_is_reported_with_its_package(checkout: Checkout, default: bool, package: str) -> None:
    hide = "import os, sys; sys.modules['ensurepip'] = None; "
    executable = (
        "sys.executable = os.path.realpath('/usr/bin/python3')" if default else "sys.executable = '/opt/python'"
    )
    done = checkout.start_as_if(hide + executable)
    assert done.returncode == 1
    assert f"`apt install {package}`" in done.stderr
    assert not (checkout.root / ".venv").exists()


def test_a_python_that_is_too_old_is_reported_with_a_fix(checkout: Checkout) -> None:
    ast.parse(LAUNCHER.read_text(), feature_version=(3, 7))
    (checkout.root / "python3.13").write_text("#!/bin/sh\n")
    (checkout.root / "python3.13").chmod(0o755)
    old = "import sys; sys.version_info = (3, 10, 1); sys.version = '3.10.1 (x)'"
    done = checkout.start_as_if(old, PATH="/nowhere")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is 3.10.1. Debian 12" in done.stderr
    assert "Start it with `python3.13 komek …`" in checkout.start_as_if(old, PATH=str(checkout.root)).stderr


class Background:
    """Starts that run in the background. The output of each is in a file."""

    def __init__(self, checkout: Checkout, *commands: list[str]) -> None:
        self.checkout = checkout
        self.outputs = [checkout.root / f"said-{number}.log" for number in range(len(commands))]
        self.started = []
        for command, output in zip(commands, self.outputs, strict=True):
            with output.open("w") as stderr:
                self.started.append(subprocess.Popen(command, env=checkout.environ(), stderr=stderr, text=True))

    def until(self, waiting: int) -> None:
        """Wait until one installs and `waiting` others wait for it."""
        end = time.monotonic() + 60
        while not (
            self.checkout.log.exists()
            and sum("waiting for it" in output.read_text() for output in self.outputs) == waiting
        ):
            assert time.monotonic() < end, [output.read_text() for output in self.outputs]
            time.sleep(0.02)


def test_three_first_starts_at_once_install_once(checkout: Checkout) -> None:
    go = checkout.root / "go"
    checkout.stand_in(checkout.stamp("requirements.lock"), pip=f"while [ ! -e {go} ]; do sleep 0.02; done")
    starts = Background(checkout, *[checkout.command("test")] * 3)
    starts.until(waiting=2)
    go.touch()
    assert [each.wait(60) for each in starts.started] == [0, 0, 0]
    assert sum("pip" in line for line in checkout.asked()) == 1
    assert checkout.asked().count("-m helpline.cli test") == 3


def test_a_killed_start_is_repeated_once_its_children_have_ended(checkout: Checkout) -> None:
    go = checkout.root / "go"
    stamp = checkout.stand_in(checkout.stamp("requirements.lock"), pip=f"while [ ! -e {go} ]; do sleep 0.02; done")
    first = Background(checkout, checkout.command("test"))
    first.until(waiting=0)
    first.started[0].send_signal(signal.SIGKILL)
    first.started[0].wait(60)
    assert stamp.read_text() == f"{MINOR}\n"
    again = Background(checkout, checkout.command_as_if(checkout.by_stand_in, "up"))
    again.until(waiting=1)
    go.touch()
    assert again.started[0].wait(60) == 0
    assert "a start broke off" in again.outputs[0].read_text()
    assert stamp.read_text() == checkout.stamp("requirements.lock")


def test_two_interpreters_that_start_at_once_use_two_environments(checkout: Checkout) -> None:
    checkout.stand_in("")
    shutil.rmtree(checkout.root / ".venv")
    other = f"{checkout.by_stand_in}; sys.version_info = (3, 98, 0)"
    lock = os.open(checkout.root, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    checkout.log.touch()
    starts = Background(
        checkout, checkout.command_as_if(checkout.by_stand_in, "up"), checkout.command_as_if(other, "up")
    )
    starts.until(waiting=2)
    os.close(lock)
    assert [each.wait(60) for each in starts.started] == [0, 0]
    made = {path.name: (path / ".komek").read_text().split("\n")[0] for path in checkout.root.glob(".venv*")}
    assert made in ({".venv": MINOR, ".venv-3.98": "3.98"}, {".venv": "3.98", f".venv-{MINOR}": MINOR})
