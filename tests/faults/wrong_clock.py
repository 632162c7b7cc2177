"""A wrong wall clock for one service, as if somebody had set its machine's (Linux, with a C compiler)."""

import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

CAN = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="needs Linux and a C compiler to show a wrong clock"
)


@dataclass(frozen=True, slots=True)
class WrongClock:
    """What the programs that load it see instead of the machine's clock."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a program needs in its environment."""
        return {"LD_PRELOAD": str(self.folder / "clock.so"), "CLOCK_AHEAD": str(self.folder / "ahead")}

    def set(self, ahead: timedelta) -> None:
        """Set the clock this far ahead of the true time. Zero sets it right."""
        with (self.folder / "ahead").open("r+b") as file:  # the programs have mapped this very file
            file.write(struct.pack("=q", int(ahead.total_seconds())))


def wrong_clock(folder: Path, ahead: timedelta = timedelta()) -> WrongClock:
    """Build what shows the clock, in a new folder."""
    folder.mkdir(parents=True)
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", folder / "clock.so", source], check=True)
    (folder / "ahead").write_bytes(bytes(8))
    made = WrongClock(folder)
    made.set(ahead)
    return made
