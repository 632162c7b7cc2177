"""Which texts a doctor, a lawyer or a psychologist must sign before the line opens: `content/signers.yaml`.

A signature does not replace the mark of a reader, and lets no text be sent (R13).
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from helpline.content.reviews import SIGNERS
from helpline.content.yaml_files import read_yaml
from menus.faults import ContentFaults, Mark

FILE = "signers.yaml"


def read_signers(root: Path, screens: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return who must sign each screen, by its name. Raise `ContentFaults` for an unknown screen or signer."""
    topics = read_yaml(root / FILE)
    found = {f"{topic}.{name}": tuple(roles) for topic, names in topics.items() for name, roles in names.items()}
    top = Mark(f"content/{FILE}", 1, 1)
    faults = [top.fault(f"there is no screen {name}") for name in found if name not in screens]
    faults += [
        top.fault(f"{name} is to be signed by: {', '.join(roles) or 'nobody'}; use {', '.join(SIGNERS)}")
        for name, roles in found.items()
        if not roles or not {*roles} <= {*SIGNERS}
    ]
    if faults:
        raise ContentFaults(faults)
    return found
