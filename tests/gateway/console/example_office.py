"""An office with the directory that the documents show as their example."""

from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.helpline.directory.hsds.ground import directories, example, written


@pytest.fixture
def office(new_sqlite: Databases, tmp_path: Path) -> CaseOffice:
    """An office whose directory is the example of the documents."""
    office = CaseOffice.on(new_sqlite())
    directories(office.world.db).take(written(example(), tmp_path))
    return office
