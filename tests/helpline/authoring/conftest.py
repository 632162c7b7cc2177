"""Fixtures of the tests for translators' tools."""

import re
import shutil
from pathlib import Path

import pytest

from helpline.content.sources import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of one country in Russian and English."""
    copy = Path(shutil.copytree(ROOT, tmp_path / "content"))
    for path in (*(copy / "countries").glob("*.yaml"), *(copy / "locale").iterdir()):
        if path.stem not in ("kg", "ru", "content"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    country = copy / "countries/kg.yaml"
    country.write_text(re.sub(r"(?m)^languages: .*", "languages: [ru, en]", country.read_text("utf-8")), "utf-8")
    return copy
