"""No option can be lost unseen: nearly each is missed by the proofs of the menus or by a story."""

from pathlib import Path
from random import Random

import pytest

from helpline.content.sources import read_sources
from tests.menus.options import Survey, Teller, survey

ENOUGH = 0.95
SAMPLE = 10


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Teller:
    return Teller(tmp_path_factory.mktemp("options"), read_sources())


@pytest.fixture(scope="module")
def found(teller: Teller) -> Survey:
    return survey(teller)


@pytest.mark.long
def test_an_option_that_is_taken_out_is_missed(found: Survey) -> None:
    missed = ", ".join(map(str, found.missed))
    share = 1 - len(found.missed) / len(found.places)
    assert share >= ENOUGH, f"{share:.1%}; write stories that press and then look: {missed}"


def test_every_story_goes_well_while_nothing_is_taken_out(found: Survey) -> None:
    """So that what fails without an option fails for want of it."""
    assert found.failed == ()


def test_a_story_that_is_said_to_miss_an_option_does(teller: Teller, found: Survey) -> None:
    """A sample, taken out for real: the story is told again, and goes wrong."""
    whole = {Path(failed.partition(":")[0]).stem for failed in found.failed}
    known = sorted(place for place, story in found.by_story.items() if story.stem not in whole)
    sample = Random(16).sample(known, min(SAMPLE, len(known)))
    unmoved = [str(place) for place in sample if not teller.tell(found.by_story[place], place).failed]
    assert unmoved == []
