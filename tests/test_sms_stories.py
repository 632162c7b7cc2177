"""Each question and answer by SMS is in stories of at least two languages."""

import re
from collections import defaultdict
from pathlib import Path

from helpline.content.sources import countries
from helpline.core.config import Config
from tests.world import contents

STORIES = Path(__file__).parent / "stories"
SLOT = re.compile(r"\\\{[a-z_]+\\\}")
NAMED = re.compile(r"\{[a-z_]+\}")


def texts_of(story: str) -> set[str]:
    """Return what callers get in a story."""
    got: list[str] = re.findall(r"^\S+ gets: (.*)$", story, re.MULTILINE)
    return {NAMED.sub("X", text).replace("⏎", "\n") for text in got}


def got_in() -> dict[str, set[str]]:
    """Return what callers get in the stories of each country."""
    got: dict[str, set[str]] = defaultdict(set)
    for path in STORIES.glob("*.story"):
        story = path.read_text()
        named = re.match(r"country (\w\w)", story)
        got[named[1] if named else "KG"] |= texts_of(story)
    return got


def test_each_screen_by_sms_is_in_stories_of_two_languages() -> None:
    """A mistake in the words shows when somebody reads the story, and one in the order when it is played."""
    walked, got = defaultdict[str, set[str]](set), got_in()
    for country in countries():
        for language, screens in contents(Config(country=country)).book.pages.items():
            for name, pages in screens.items():
                shown = [re.compile(SLOT.sub(".+?", re.escape(page.text))) for page in pages]
                is_got = name.startswith("sms.") and any(
                    each.fullmatch(text) for text in got[country] for each in shown
                )
                walked[name] |= {language} if is_got else set()
    few = {name: found for name, found in walked.items() if name.startswith("sms.") and len(found) < 2}
    assert not few, few
