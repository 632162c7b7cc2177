"""`komek translate reviewed`: show the wordings that need a review (R13), and save that somebody has reviewed them."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from helpline.commands.translate.update import REVIEW
from helpline.commands.try_out.dial import draw_screen
from helpline.content import catalogs, po
from helpline.content.loading import compose, reviews_of
from helpline.content.reading_age import reading_age
from helpline.content.reviews import READER, Mark, Reviews, guarded
from helpline.content.sources import ROOT, countries, read_sources
from helpline.core.config import Config
from helpline.core.languages import SOURCE, base_of

MARKS = "marks:"
IN_A_CHECKOUT = "pyproject.toml"
"""The file beside the folder of the content that an installed copy lacks."""
NOT_KEPT = (
    "this is an installed copy, and the next update replaces its content: run `./komek translate reviewed` in the "
    "checkout, then install it again (docs/install.md)"
)


def review(
    language: str, topics: Collection[str], reviewer: str, country: str, *, write: bool, root: Path = ROOT,
    role: str = READER,
) -> str:  # fmt: skip
    """Return the wordings that need a review, with their marks. With `write`, add the marks to reviews.yaml.

    `topics` limits them; without any, all are returned.

    A reader is shown the wordings that production needs; a doctor, lawyer or psychologist what they must sign.

    Raise `click.ClickException` if no country offers the language, or if no wording (of a topic) needs a review.
    """
    books = list(_books(language, country, root))
    wordings = {
        (text, reviews.hash(text, language)): reviews.wording(text, language)
        for reviews in books
        for text in _to_read(reviews, language, role)
        if not topics or text.partition(".")[0] in topics
    }
    if not books:
        raise click.ClickException(f"no country offers {language}; see `komek translate status {base_of(language)}`")
    if missing := sorted({*topics} - {text.partition(".")[0] for text, _ in wordings}):
        raise click.ClickException(f"no wording of {', '.join(map(repr, missing))} in {language} needs a review")
    if not wordings:
        raise click.ClickException(f"no wording in {language} needs a review of this role")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    marks = [Mark(text, language, reviewer, today, hash, role) for text, hash in wordings]
    if write:
        add(marks, root)
    if write and role == READER:
        _mark_header(language, reviewer, today, root)
    shown = [f"{text} (reading age about {reading_age(said)})\n{_shown(said)}" for (text, _), said in wordings.items()]
    last = "saved in content/reviews.yaml" if write else "not saved; read all of them, then add --write"
    return "\n".join([*shown, *map(line, marks), last])


def must_last(root: Path = ROOT) -> None:
    """Raise `click.ClickException` in an installed copy, whose content, with its marks, the next update replaces."""
    if not (root.parent / IN_A_CHECKOUT).exists():
        raise click.ClickException(NOT_KEPT)


def all_reviews(root: Path) -> list[Reviews]:
    """Return the reviews of each country, whose books may differ."""
    sources = read_sources(root)
    contents = [compose(Config(country=code), sources)[0] for code in countries(root)]
    return [reviews_of(each) for each in contents]


def _to_read(reviews: Reviews, language: str, role: str) -> list[str]:
    """Return the texts without a valid mark of this role."""
    if role == READER:
        return [text for text in guarded(reviews.book) if not reviews.allow(text, language)]
    return [text for text, roles in reviews.unsigned(language).items() if role in roles]


def _books(language: str, country: str, root: Path) -> Iterator[Reviews]:
    sources = read_sources(root)
    for code in [country] if country else countries(root):
        content, _ = compose(Config(country=code), sources)
        if language in content.book.languages:
            yield reviews_of(content)


def _shown(wording: str) -> str:
    return "\n".join(draw_screen(part) for part in dict.fromkeys(wording.split("\f")) if part)


def line(mark: Mark) -> str:
    """Return a mark as a line of reviews.yaml."""
    who = mark.reviewer.replace("\\", "\\\\").replace('"', '\\"')
    role = f", role: {mark.role}" if mark.role != READER else ""
    row = f'text: {mark.text}, language: {mark.language}, reviewer: "{who}", on: {mark.on}, hash: "{mark.hash}"{role}'
    return f"  - {{{row}}}"


def add(marks: list[Mark], root: Path) -> None:
    """Append marks to reviews.yaml. The rest of the file stays as it is."""
    path = root / "reviews.yaml"
    text = path.read_text("utf-8").replace(f"{MARKS} []", MARKS).rstrip()
    path.write_text("\n".join([text, *map(line, marks)]) + "\n", "utf-8")


def _mark_header(language: str, reviewer: str, today: str, root: Path) -> None:
    """Write the reviewer into the header of the PO file, when all its wordings are reviewed."""
    base = base_of(language)
    if base == SOURCE or any(tongue == language for each in _books(language, "", root) for _, tongue in each.missing()):
        return
    path = catalogs.file_of(root, base)
    file, _ = po.read(path.name, path.read_bytes())
    rows = {**file.headers(), REVIEW: f"{reviewer}, {today}"}
    said = "".join(f"{name}: {value}\n" for name, value in rows.items())
    path.write_text(po.write(replace(file, header=replace(file.header, translation=said))), "utf-8")
