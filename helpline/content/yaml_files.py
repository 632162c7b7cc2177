"""Reads the data files of `content/` that are no menus: words, marks, countries, the glossary."""

from pathlib import Path
from typing import Any

import yaml

from menus.faults import ContentFaults, Mark


def read_yaml(path: Path) -> Any:
    """Read a data file with every scalar as text but `null`: `on`, `no` and `0` mean what they look like.

    Raises `ContentFaults`.
    """

    def plain(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: plain(value) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(each) for each in node]
        return None if node == "null" else node

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return plain(yaml.load(path.read_text("utf-8"), loader))  # noqa: S506  # this loader makes nothing but texts
    except (OSError, UnicodeDecodeError) as error:
        raise ContentFaults([Mark(path.name, 1, 1).fault(f"cannot be read ({type(error).__name__})")]) from None
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        where = Mark(path.name, at.line + 1, at.column + 1) if at else Mark(path.name, 1, 1)
        raise ContentFaults([where.fault(f"not YAML: {getattr(error, 'problem', error)}; look there")]) from None
