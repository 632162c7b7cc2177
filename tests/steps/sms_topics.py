"""A country that has the topics about work by SMS on. None has them on in its file yet."""

from dataclasses import replace
from functools import lru_cache

from helpline.content.loading import Content
from helpline.core.config import Config
from menus.book import Book, Page
from menus.printer import Printer
from menus.tree import Choice, End
from tests.world import World, contents


@lru_cache
def switched_on(country: str) -> Book:
    """Return the book of a country as it is with the topics."""
    content = contents(Config(country=country))
    tree, book = content.parsed.tree, content.book
    pages = {
        language: {**of, **{name: printed(book, language, topic(content, name)) for name in tree.sms_safe}}
        for language, of in book.pages.items()
    }
    return replace(book, tree=tree, pages=pages)


def printed(book: Book, language: str, screen: Choice | End) -> tuple[Page, ...]:
    """Return the pages of a screen that is not in the book."""
    printer = book.printers[language]
    assert isinstance(printer, Printer)
    return printer.print(screen)


def topic(content: Content, name: str) -> Choice | End:
    """Return a screen with the mark."""
    screen = content.parsed.tree.screens[name]
    assert isinstance(screen, Choice | End)
    return screen


def switch_on(world: World) -> Book:
    """Send the topics from now on, as a country does that has them on."""
    book = switched_on(world.config.country)
    world.public = replace(world.public, ctx=replace(world.public.ctx, book=book))
    answer_by(world, book)
    outgoing = world.work.outgoing
    wording, reviews = replace(outgoing.wording, book=book), replace(outgoing.reviews, book=book)
    world.work = replace(world.work, outgoing=replace(outgoing, wording=wording, reviews=reviews))
    return book


def answer_by(world: World, book: Book) -> None:
    """Answer texts by this content from now on."""
    inbound = world.work.inbound
    ctx = replace(inbound.dialogue.ctx, book=book)
    world.work = replace(world.work, inbound=replace(inbound, dialogue=replace(inbound.dialogue, ctx=ctx)))
