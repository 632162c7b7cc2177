"""Fixtures of the tests for translators' tools."""

import re
import shutil
from pathlib import Path

import pytest

from helpline.content.sources import ROOT

KEPT = {"countries": ("kg",), "locale": ("ru", "content")}
"""The files of folders from which a copy leaves out the others."""


def copied(folder: Path) -> Path:
    """Copy one country in Russian and English."""

    def others(here: str, names: list[str]) -> list[str]:
        kept = KEPT.get(Path(here).name)
        return [name for name in names if kept and Path(name).stem not in kept]

    copy = Path(shutil.copytree(ROOT, folder / "content", ignore=others))
    country = copy / "countries/kg.yaml"
    country.write_text(re.sub(r"(?m)^languages: .*", "languages: [ru, en]", country.read_text("utf-8")), "utf-8")
    return copy


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of one country in Russian and English."""
    return copied(tmp_path)
