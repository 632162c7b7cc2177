"""Boot systemd as the first process of a small machine: this machine's files through an overlay, in namespaces of its own.

It has no network but its own loopback, and no unit of this machine but those that systemd itself brings. What is written
stays in the overlay and vanishes with the mounts.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.others import PATIENCE_SECONDS, until

SYSTEMD = Path("/lib/systemd/systemd")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


@dataclass(frozen=True, slots=True)
class Machine:
    """A small machine that runs."""

    pid: int
    """Its first process, seen from here."""

    def run(self, *command: str) -> str:
        """Run a command there as root. Return what it printed."""
        inside = ["nsenter", f"--target={self.pid}", "-m", "-p", "-u", "-i", "-C", "-n", "--root", "--wd"]
        done = subprocess.run([*inside, *command], capture_output=True, text=True, check=False)
        return done.stdout

    def shows(self, unit: str) -> dict[str, str]:
        """Return the properties of a unit."""
        return dict(line.split("=", 1) for line in self.run("systemctl", "show", unit).splitlines() if "=" in line)

    def first_process(self, unit: str) -> Path:
        """Return what the kernel says about the main process of a unit, as /proc there."""
        return Path("/proc") / str(self.pid) / "root" / "proc" / self.shows(unit)["MainPID"]


def can_boot() -> bool:
    """Whether this machine has systemd, and lets us mount and make namespaces."""
    if os.geteuid() != 0 or not SYSTEMD.exists() or not shutil.which("unshare"):
        return False
    tried = "mkdir -p /mnt && mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w /mnt/m && \
mount -t overlay o -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/m && mount -t cgroup2 c /mnt/m/srv"
    command = ["unshare", "--mount", "--net", "--cgroup", "sh", "-ec", tried]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def script(folder: Path, binds: Mapping[Path, str], files: Mapping[str, Path], target: str) -> str:
    """Return what makes the machine below `folder` and then becomes its first process.

    `binds`: folders of this machine → where they are there. `files`: folders there → what is copied into them.
    """
    q, root = shlex.quote, shlex.quote(str(folder / "root"))
    return "\n".join([
        "set -eu",
        f"mount -t tmpfs -o size=3g tmpfs {q(str(folder))}",
        f"mkdir {q(str(folder))}/upper {q(str(folder))}/work {root}",
        f"mount -t overlay overlay -o lowerdir=/,upperdir={q(str(folder))}/upper,workdir={q(str(folder))}/work {root}",
        f"mount -t tmpfs -o mode=755 tmpfs {root}/etc/systemd/system",
        *(f"mkdir -p {root}{q(there)} && mount --bind {q(str(here))} {root}{q(there)}" for here, there in binds.items()),
        *(f"mkdir -p {root}{q(there)} && cp -a {q(str(here))}/. {root}{q(there)}" for there, here in files.items()),
        f"chroot {root} ldconfig",
        f"mount -t proc proc {root}/proc && mount -t sysfs -o ro sysfs {root}/sys",
        f"mount -t cgroup2 cgroup2 {root}/sys/fs/cgroup",
        f"mount -t tmpfs -o mode=755 dev {root}/dev",
        *(f"touch {root}/dev/{name} && mount --bind /dev/{name} {root}/dev/{name}" for name in DEVICES),
        f"mkdir {root}/dev/shm {root}/dev/pts {root}/old && ln -s pts/ptmx {root}/dev/ptmx",
        f"mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts {root}/dev/pts",
        f"mount -t tmpfs -o mode=1777 shm {root}/dev/shm",
        "ip link set lo up",
        f"cd {root} && pivot_root . old && umount --lazy /old",
        "mount --make-rshared /",
        f"exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin {SYSTEMD} --system --show-status=no --unit={target}",
    ])  # fmt: skip


def wait(machine: Machine, look: Callable[[], object], what: str) -> None:
    """Wait as `until` does. A failure shows what the units wrote."""
    try:
        until(look, what, PATIENCE_SECONDS / 2)
    except AssertionError as error:
        said = machine.run("journalctl", "--no-pager", "-n", "40", "-u", "komek*")
        raise AssertionError(f"{error}\n{machine.run('systemctl', 'list-units', '--all', 'komek*')}\n{said}") from None


@contextmanager
def booted(folder: Path, binds: Mapping[Path, str], files: Mapping[str, Path], target: str) -> Iterator[Machine]:
    """Boot a machine until the block ends."""
    folder.mkdir()
    names = ("--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child")
    with (folder.parent / "boot.log").open("w") as log:
        starter = subprocess.Popen(
            ["unshare", *names, "bash", "-c", script(folder, binds, files, target)], stdout=log, stderr=log
        )
    try:
        children = Path(f"/proc/{starter.pid}/task/{starter.pid}/children")
        pid = until(lambda: re.findall(r"\d+", children.read_text()), "the first process")[0]

        def runs() -> bool:
            assert starter.poll() is None, (folder.parent / "boot.log").read_text()
            return Path(f"/proc/{pid}/comm").read_text().strip() == "systemd"

        until(runs, "systemd")
        machine = Machine(int(pid))
        until(lambda: machine.run("systemctl", "is-active", target).strip() == "active", target)
        yield machine
    finally:
        starter.kill()
        starter.wait()
