"""No option can be lost unseen: the proofs of the menus or a story miss nearly every one."""

from pathlib import Path
from random import Random

import pytest

from helpline.content.sources import read_sources
from tests.menus.options import Player, Survey, survey

ENOUGH = 0.95
SAMPLE = 10


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(tmp_path_factory.mktemp("options"), read_sources())


@pytest.fixture(scope="module")
def found(player: Player) -> Survey:
    return survey(player)


@pytest.mark.long
def test_a_removed_option_is_noticed(found: Survey) -> None:
    missed = ", ".join(map(str, found.missed))
    share = 1 - len(found.missed) / len(found.places)
    assert share >= ENOUGH, f"{share:.1%}; write stories that press and then look: {missed}"


def test_every_story_passes_with_all_options(found: Survey) -> None:
    """A failure without an option is then due to that option."""
    assert found.failed == ()


def test_a_story_fails_without_an_option_that_it_notices(player: Player, found: Survey) -> None:
    """Remove a sample of options for real: each story then fails."""
    whole = {Path(failed.partition(":")[0]).stem for failed in found.failed}
    known = sorted(place for place, story in found.by_story.items() if story.stem not in whole)
    sample = Random(16).sample(known, min(SAMPLE, len(known)))
    unmoved = [str(place) for place in sample if not player.play(found.by_story[place], place).failed]
    assert unmoved == []
