"""What a person reads who starts Komek with a Python that lacks its packages. It needs nothing but Python itself."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OURS = frozenset({"content", "gateway", "helpline", "menus", "workers"})


@contextmanager
def explained(module: str) -> Iterator[None]:
    """End the process with one line if a package is missing while the block imports. `module` was started.

    No garbage is collected meanwhile: what an import makes stays, and looking through it takes an eighth of a start.
    So it is not looked through afterwards either, and processes that are forked later share it.
    """
    gc.disable()
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in OURS:
            raise
        print(
            f"komek: this Python has no {package}: {sys.executable}. Start with the environment of Komek: "
            f"`.venv/bin/python -m {module} …` or `./komek run public` in a checkout, "
            "/opt/komek/bin/komek where it is installed (docs/install.md).",
            file=sys.stderr,
        )
        sys.exit(os.EX_CONFIG)
    finally:
        gc.freeze()
        gc.enable()
