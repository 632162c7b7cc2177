"""What is set in the environment: the value of each `KOMEK_…` variable, or of the file that one names."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path

PREFIX = "KOMEK_"


def gather(environ: Mapping[str, str], known: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Give the values of the settings that are `known`, by name, and what is wrong with the others."""
    names = set(known)
    given: dict[str, str] = {}
    faults: list[str] = []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in names:
            given[name] = value
        elif name.endswith("_file") and name.removesuffix("_file") in names:
            try:
                given[name.removesuffix("_file")] = Path(value).read_text().strip()
            except OSError as error:
                faults.append(f"{variable}: cannot be read ({type(error).__name__})")
        else:
            near = difflib.get_close_matches(name, names, 1)
            hint = f" (did you mean {PREFIX}{near[0].upper()}?)" if near else ""
            faults.append(f"{variable} is not a setting{hint}")
    return given, faults
