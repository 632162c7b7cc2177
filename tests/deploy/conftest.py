"""Fixtures: the wheel of this tree, and a copy of it that is installed."""

from pathlib import Path

import pytest

from tests.deploy.wheels import build, install
from tests.running import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel. Return its `komek`."""
    return install(wheel, tmp_path_factory.mktemp("installed") / "komek")
