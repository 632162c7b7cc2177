"""Check what describes gateways: the templates that are shipped, and the file of channels of this deployment."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpline.core import channels_file, gateway_template
from helpline.core.process_keys import PREFIX
from menus.faults import Fault, Mark

CHANNELS_FILE = f"{PREFIX}CHANNELS_FILE"


def faults(environ: Mapping[str, str] = os.environ) -> Iterator[Fault]:
    """Yield the faults of all templates, and of the channels file if this process has one."""
    for path in sorted(gateway_template.FOLDER.glob("*.yaml")):
        for line, what in gateway_template.faults(path.read_text("utf-8")):
            yield Mark(f"gateway/channels/templates/{path.name}", line, 1).fault(what)
    if given := environ.get(CHANNELS_FILE):
        for told in channels_file.faults_of(Path(given)):
            file, _, rest = told.partition(":")
            number, _, what = rest.partition(": ")
            yield Mark(file, int(number), 1).fault(what) if number.isdecimal() else Mark(given, 1, 1).fault(told)
