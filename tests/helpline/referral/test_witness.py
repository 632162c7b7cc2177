"""What the witness of `test_any_order` must know, so that it complains neither too often nor too rarely."""

import pytest

from tests.conftest import Databases
from tests.helpline.referral.test_any_order import PHONES, Model


@pytest.fixture
def model(new_sqlite: Databases) -> Model:
    """A request that is frozen, because the one service that got the number heard a wrong word."""
    made: Model = type("Once", (Model,), {"new": staticmethod(new_sqlite)})()
    made.ask(PHONES[0], "1", True, 5)
    made.a_desk_goes_on(0, "WRONG", 3)
    assert made.witness.frozen
    return made


def lift(model: Model) -> list[tuple[str, str]]:
    """Return the coordinators who are called about the freeze, and their digits."""
    return [(to, code) for to, code, text in model.witness.texts() if "LIFT" in text]


def test_a_number_may_leave_again_once_two_coordinators_lift_the_freeze(model: Model) -> None:
    """The shortest example of a night in which the witness complained wrongly (R8)."""
    for to, code in lift(model)[:2]:
        model.text(to, f"LIFT {code}")
    assert not model.witness.frozen
    before = sum(PHONES[0] in text for _, _, text in model.witness.texts())
    model.one_service_after_the_other(2)
    model.it_holds()
    assert sum(PHONES[0] in text for _, _, text in model.witness.texts()) > before
    model.teardown()


def test_one_coordinator_lifts_no_freeze_by_writing_twice_or_with_digits_of_the_other(model: Model) -> None:
    """Else the witness would miss a number that leaves too early."""
    (first, code), (_, other) = lift(model)[:2]
    for digits in (code, code, other):
        model.text(first, f"LIFT {digits}")
        assert model.witness.frozen
    model.teardown()


def test_a_service_lifts_no_freeze(model: Model) -> None:
    (_, code), (_, other) = lift(model)[:2]
    for digits in (code, other):
        model.text(model.world.phone("kg-country"), f"LIFT {digits}")
    assert model.witness.frozen
    model.teardown()
