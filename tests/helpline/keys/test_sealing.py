"""Sealed numbers."""

import pytest

from helpline.core.phone_numbers import Hidden
from helpline.keys.sealing import CannotOpen, Opening, Sealing
from tests.world import CALLER, keys


def test_a_sealed_number_opens_only_beside_its_own_request() -> None:
    """Whoever can write to the database could otherwise put a number beside a request of their own."""
    sealed = Sealing.of(keys()["sealing_key"]).seal("r1", Hidden(CALLER))
    opening = Opening.of(keys()["opening_key"])
    assert opening.open("r1", sealed).reveal() == CALLER
    with pytest.raises(CannotOpen):
        opening.open("r2", sealed)
