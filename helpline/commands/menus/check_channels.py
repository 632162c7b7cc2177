"""Check what describes gateways: the templates that are shipped, and the file of channels of this deployment."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpline.core import channels_file, gateway_template
from helpline.core.process_keys import PREFIX
from helpline.core.yaml_places import line_of
from menus.faults import Fault, Mark

CHANNELS_FILE = f"{PREFIX}CHANNELS_FILE"
ROOT = Path(__file__).parents[3]


def faults(environ: Mapping[str, str] = os.environ) -> Iterator[Fault]:
    """Yield the faults of all templates, and of the channels file if this process has one."""
    for path in sorted(gateway_template.FOLDER.glob("*.yaml")):
        for line, what in gateway_template.faults(path.read_text("utf-8")):
            yield Mark(f"gateway/channels/templates/{path.name}", line, 1).fault(what)
    if given := environ.get(CHANNELS_FILE):
        found = channels_file.faults_of(Path(given))
        if not found:
            yield from _at_the_start(Path(given))
        for told in found:
            file, _, rest = told.partition(":")
            number, _, what = rest.partition(": ")
            yield Mark(file, int(number), 1).fault(what) if number.isdecimal() else Mark(given, 1, 1).fault(told)


def _at_the_start(path: Path) -> Iterator[Fault]:
    """Yield what the processes would refuse when they connect the channels. Only a process of its own imports them."""
    text = path.read_text("utf-8")
    command = (sys.executable, "-m", "gateway.channels", str(path.resolve()))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for told in done.stdout.splitlines():
        at, _, what = told.partition("\t")
        yield Mark(path.name, line_of(text, ("channels", int(at), "options")), 1).fault(what)
    if done.returncode:
        yield Mark(path.name, 1, 1).fault("the channels cannot be connected: `python -m gateway.channels` says why")
