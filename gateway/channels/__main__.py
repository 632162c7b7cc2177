"""Says what a start would refuse of a channels file: `python -m gateway.channels FILE`.

It prints a line for each fault: the position of the channel, a tabulator, and the fault. `komek check` runs it as a
program of its own, because the command line does not import gateways.
"""

import sys
from pathlib import Path

from gateway.channels.providers import faults
from helpline.core import channels_file

if __name__ == "__main__":
    for at, settings in enumerate(channels_file.entries(Path(sys.argv[1]))):
        for fault in faults(settings):
            print(f"{at}\t{fault}")
