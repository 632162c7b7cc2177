"""Real containers by Podman, on a machine where no registry of images can be reached.

What stands for `python:3.13-slim` is a Debian made by `debootstrap`, with its own Python. Its name is that of the
Dockerfile, which is built as it stands.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BASE = "docker.io/library/python:3.13-slim"
NAME = "komek"
PROGRAMS = ("buildah", "podman", "crun", "catatonit", "debootstrap", "unshare")
MINUTES_20 = 1200
IN_ONE_TREE = "mount -t tmpfs none /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup"
"""crun refuses a machine that has both kinds of control groups. It sees one of them, in a mount namespace of its own."""


def missing() -> str:
    """Return why no container can be run here, or an empty text."""
    if lacking := [name for name in PROGRAMS if shutil.which(name) is None]:
        return f"not installed: {', '.join(lacking)}"
    return "" if os.geteuid() == 0 else "only root can run them"


@dataclass(frozen=True, slots=True)
class Containers:
    """Images and containers in a folder of their own."""

    folder: Path

    def run(self, *command: str, fails: bool = False) -> str:
        """Run Podman or Buildah. Return what it said."""
        conf = self.folder / "storage.conf"
        graph, state = self.folder / "images", self.folder / "state"
        conf.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{graph}"\nrunroot = "{state}"\n')
        mixed = Path("/sys/fs/cgroup/unified").is_dir()
        script = f'{IN_ONE_TREE if mixed else ":"}; exec "$@"'
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, "sh", *command], capture_output=True, text=True, check=False,
            timeout=MINUTES_20, env={**os.environ, "CONTAINERS_STORAGE_CONF": str(conf), "PODMAN_IGNORE_CGROUPSV1_WARNING": "1"},
        )  # fmt: skip
        assert fails or done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def build(self, dockerfile: Path, source: Path) -> None:
        """Make the base image, and then the image of a Dockerfile."""
        root = self.folder / "base"
        packages = "--include=ca-certificates,python3,python3-venv"
        subprocess.run(["debootstrap", "--variant=minbase", packages, "trixie", str(root)], check=True,
                       capture_output=True, timeout=MINUTES_20)  # fmt: skip
        (root / "usr/bin/python").symlink_to("python3")
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs")
        base = self.run("buildah", "from", "scratch").strip()
        self.run("buildah", "copy", "--quiet", base, str(root), "/")
        self.run("buildah", "commit", "--quiet", base, BASE)
        self.run("buildah", "rm", base)
        shutil.rmtree(root)
        self.run("buildah", "build", "--pull=never", "--network", "host", "--isolation", "chroot", *_limits(),
                 "--file", str(dockerfile), "--tag", NAME, str(source))  # fmt: skip

    def command(
        self, name: str, service: Mapping[str, object], plain: Mapping[str, str], volumes: Mapping[Path, str]
    ) -> list[str]:
        """Return what starts the container of a service of compose.yaml, with its limits, but on the host's network."""
        given = {**plain, **dict(_texts(service["environment"]))}
        line = ["podman", "run", "--name", name, "--network", "host", "--cgroups", "disabled", *_limits()]
        line += ["--init"] if service.get("init") else []
        line += ["--read-only"] if service.get("read_only") else []
        line += [part for each in _listed(service["tmpfs"]) for part in ("--tmpfs", each)]
        line += [part for each in _listed(service["cap_drop"]) for part in ("--cap-drop", each)]
        line += [
            part for each in _listed(service["security_opt"]) for part in ("--security-opt", each.partition(":")[0])
        ]
        line += [part for key, value in given.items() for part in ("--env", f"{key}={value}")]
        return line + [part for here, there in volumes.items() for part in ("--volume", f"{here}:{there}")]


def _limits() -> list[str]:
    """No container may open more files than this process may: not even root can raise that everywhere."""
    found = {name: resource.getrlimit(which)[1] for name, which in
             (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC))}  # fmt: skip
    return [part for name, most in found.items() if most > 0 for part in ("--ulimit", f"{name}={most}:{most}")]


def _listed(value: object) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _texts(value: object) -> Mapping[str, str]:
    return {str(key): str(each) for key, each in value.items()} if isinstance(value, dict) else {}
