"""Find options that no test would miss: remove each one and see whether the proofs of the menus or a story fail.

    python -m tests.menus.options      # lists the options that still need a story

A story notices an option if it presses its key and checks the next screen before its call ends. Without the option the
key would be a wrong one, and another screen would come. To see which keys are pressed, each story is played once on a
book whose pages record the keys that are looked up.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from helpline.commands.menus.check_content import ROOTS
from helpline.content.loading import compose
from helpline.content.sources import Sources, read_sources
from helpline.core.config import Config
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from menus.book import Book, Finder, Page
from menus.parse import Parsed
from menus.proof import prove
from menus.tree import Choice, Option, Statement
from tests.story import Telling, country_of, lines_of, world_of
from tests.test_stories import STORIES, Engine
from tests.world import World


class Place(NamedTuple):
    """An option: its screen and its key."""

    screen: str
    key: str

    def __str__(self) -> str:
        return f"{self.screen}.{self.key}"


def options(parsed: Parsed) -> list[Place]:
    """Return every option of every screen."""
    screens = parsed.tree.screens.values()
    return [Place(each.name, o.key) for each in screens if isinstance(each, Choice) for o in each.options]


def without(parsed: Parsed, place: Place) -> Parsed:
    """Remove an option."""
    screen = parsed.tree.screens[place.screen]
    assert isinstance(screen, Choice)
    left = replace(screen, options=tuple(each for each in screen.options if each.key != place.key))
    return replace(parsed, tree=replace(parsed.tree, screens={**parsed.tree.screens, screen.name: left}))


def proved(parsed: Parsed, place: Place) -> bool:
    """Whether the proofs refuse the content without an option."""
    left = without(parsed, place)
    screen = left.tree.screens[place.screen]
    empty = isinstance(screen, Choice) and not screen.options and not screen.each
    return empty or prove(left, ROOTS) != []


@dataclass(frozen=True, slots=True)
class RecordingKeys(Mapping[str, Option | int]):
    """The keys of a page, which record each option that is looked up."""

    screen: str
    keys_: Mapping[str, Option | int]
    steps: set[Place]

    def __getitem__(self, key: str) -> Option | int:
        found = self.keys_[key]
        self.steps.add(Place(self.screen, key))
        return found

    def __contains__(self, key: object) -> bool:
        return key in self.keys_

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)


@dataclass(frozen=True, slots=True)
class RecordingFinder:
    """The page of a search, whose keys are recorded too."""

    finder: Finder
    steps: set[Place]

    def found(self, name: str, found: Sequence[tuple[str, str]]) -> Page:
        """Return the page with recording keys."""
        return _recording(name, self.finder.found(name, found), self.steps)

    def fits(self, text: str) -> bool:
        """Whether the other finder says so."""
        return self.finder.fits(text)

    def unfinished(self, screen: Statement) -> Sequence[tuple[int, str]]:
        """Return what the other finder does."""
        return self.finder.unfinished(screen)


def _recording(name: str, page: Page, steps: set[Place]) -> Page:
    return replace(page, keys=RecordingKeys(name.partition("@")[0], page.keys, steps))


def recording(book: Book, steps: set[Place]) -> Book:
    """Return a book that records in `steps` which options are used."""
    pages = {
        language: {name: tuple(_recording(name, page, steps) for page in pages) for name, pages in screens.items()}
        for language, screens in book.pages.items()
    }
    finders = {language: RecordingFinder(finder, steps) for language, finder in book.printers.items()}
    return replace(book, pages=pages, printers=finders)


@dataclass(slots=True)
class Result:
    """The result of a story: the options it checked, and where it failed, if it did."""

    story: Path
    noticed: set[Place] = field(default_factory=set)
    failed: str = ""


def play(story: Path, world: World, book: Book, steps: set[Place]) -> Result:
    """Play a story on a book that records the used options in `steps`."""
    world.public = replace(world.public, ctx=replace(world.public.ctx, book=book))
    dialogue = world.work.inbound.dialogue
    dialogue = replace(dialogue, ctx=replace(dialogue.ctx, book=book))
    world.work = replace(world.work, inbound=replace(world.work.inbound, dialogue=dialogue))
    telling, result = Telling(Engine(world)), Result(story)
    for number, line in lines_of(story):
        if line.startswith("country "):
            continue
        if line == "dial" or line.endswith("dials"):
            steps.clear()
        try:
            telling.line(line)
        except (AssertionError, KeyError, StopIteration) as failure:
            result.failed = f"{story.name}:{number}: {line} ({str(failure).strip().splitlines()[-1:]})"
            return result
        if line.startswith("< ") or " gets: " in line:
            result.noticed |= steps
    return result


@dataclass(frozen=True, slots=True)
class Player:
    """Plays stories in a temporary folder, each on an empty database."""

    folder: Path
    sources: Sources

    def database(self) -> Database:
        """Return an empty, migrated database, copied from the first one."""
        template = self.folder / "template.sqlite3"
        if not template.exists():
            db = connect(f"sqlite:///{template}")
            upgrade(db)
            db.scrub()
            db.dispose()
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".sqlite3", delete=False) as file:
            shutil.copy(template, file.name)
        return connect(f"sqlite:///{file.name}")

    def book(self, country: str, place: Place) -> Book:
        """Print the menus of a country without an option."""
        mutated = replace(self.sources, parsed=without(self.sources.parsed, place))
        return compose(Config(country=country), mutated)[0].book

    def play(self, story: Path, place: Place | None = None) -> Result:
        """Play a story. If an option is given, play it without that option."""
        steps: set[Place] = set()
        db, country = self.database(), country_of(story)
        try:
            world = world_of(story, db)
            book = self.book(country, place) if place else world.public.ctx.book
            return play(story, world, recording(book, steps), steps)
        finally:
            db.dispose()


@dataclass(frozen=True, slots=True)
class Survey:
    """All options and what notices each: the proofs, or the first story that does."""

    places: tuple[Place, ...]
    by_proof: frozenset[Place]
    by_story: Mapping[Place, Path]
    failed: tuple[str, ...]

    @property
    def missed(self) -> list[Place]:
        """The options that nothing notices."""
        return [place for place in self.places if place not in self.by_proof and place not in self.by_story]


def survey(player: Player, stories: Sequence[Path] = STORIES) -> Survey:
    """Check every option."""
    parsed = player.sources.parsed
    places = options(parsed)
    results = [
        player.play(story) for story in sorted(stories, key=country_of)
    ]  # a process caches one country's content
    by_story = {place: each.story for each in reversed(results) for place in each.noticed if place in places}
    by_proof = frozenset(place for place in places if proved(parsed, place))
    return Survey(tuple(places), by_proof, by_story, tuple(each.failed for each in results if each.failed))


def main() -> None:
    """Print the options that nothing notices, by screen."""
    with tempfile.TemporaryDirectory(prefix="komek-options-") as folder:
        found = survey(Player(Path(folder), read_sources()))
    for failed in found.failed:
        print(f"a failing story notices only the options up to its failure: {failed}")
    for screen in dict.fromkeys(place.screen for place in found.missed):
        keys = [place.key for place in found.missed if place.screen == screen]
        print(f"{screen:32} no story presses and then looks: {', '.join(keys)}")
    caught = len(found.places) - len(found.missed)
    print(f"{caught} of {len(found.places)} options noticed ({caught / len(found.places):.1%}), "
          f"{len(found.by_proof)} by the proofs, {len(found.by_story)} by stories")  # fmt: skip


if __name__ == "__main__":
    main()
