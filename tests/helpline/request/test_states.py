"""The states of a request, and what may follow each."""

import pytest

from helpline.request import requests
from helpline.request.model import MAY_FOLLOW, OVER, State
from helpline.store.schema import request
from tests.world import World


def test_the_table_of_states_is_that_of_the_rules() -> None:
    """No state follows an end. Everything else can be withdrawn and, while calls are allowed, paused and frozen."""
    assert all(not MAY_FOLLOW[state] for state in OVER)
    assert all(State.CLOSED in MAY_FOLLOW[state] for state in State if state not in OVER)
    ringing = set(State) - OVER - {State.PAUSED, State.FROZEN}
    assert all({State.PAUSED, State.FROZEN} <= MAY_FOLLOW[state] for state in ringing)


def test_a_step_outside_the_table_is_refused(world: World) -> None:
    """Not even by mistake."""
    world.ask()
    (row,) = world.rows(request)
    with world.db.write(world.clock()) as tx, pytest.raises(ValueError, match="may not follow"):
        requests.move(tx, row.id, State.CLOSED, State.WAITING)
