"""Read the YAML files of `content/` that are not menus: words, review marks, countries, the glossary."""

from pathlib import Path
from typing import Any

import yaml

from menus.faults import ContentFaults, Mark


def read_yaml(path: Path) -> Any:
    """Read a data file. Every scalar except `null` stays text, so `on`, `no` and `0` are what the author wrote.

    Raise `ContentFaults` if the file cannot be read.
    """
    try:
        return data_in(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentFaults([Mark(path.name, 1, 1).fault(f"cannot be read ({type(error).__name__})")]) from None
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        where = Mark(path.name, at.line + 1, at.column + 1) if at else Mark(path.name, 1, 1)
        raise ContentFaults([where.fault(f"not YAML: {getattr(error, 'problem', error)}; look there")]) from None


def data_in(text: str) -> Any:
    """Return the data in the text of such a file. Raise `yaml.YAMLError` if it is not YAML."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return _with_nulls(yaml.load(text, loader))  # noqa: S506  # this loader makes only texts


def _with_nulls(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _with_nulls(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_nulls(item) for item in node]
    return None if node == "null" else node
