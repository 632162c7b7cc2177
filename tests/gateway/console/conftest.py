"""The office of most tests of the console: a whole service behind it, in SQLite. Some tests have one of their own."""

import pytest

from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    return CaseOffice.on(new_sqlite())


@pytest.fixture
def coordinator(office: CaseOffice) -> Browser:
    return office.office.signed_in(office.office.insider(Role.COORDINATOR))
