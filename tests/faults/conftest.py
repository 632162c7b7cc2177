"""A failure tells what happened to the requests of a service that the test runs in its own process."""

from collections.abc import Generator

import pytest

from tests.faults.events import tell
from tests.world import World


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the stories to the report of a test that failed."""
    report = yield
    worlds = [each for each in item.funcargs.values() if isinstance(each, World)]
    if call.when == "call" and report.failed and worlds:
        report.sections.append(("what happened to the requests", tell(worlds[0].db)))
    return report
