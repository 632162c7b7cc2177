"""The office of most tests of the console: a whole service behind it, in SQLite. Some tests have one of their own."""

import pytest

from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    return CaseOffice.on(new_sqlite())
