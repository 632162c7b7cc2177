"""Checks of the topics that callers may read by SMS: the screens that an author has marked `sms_safe` (R13).

The texts stay on a phone that somebody else may hold. So each must read like common advice about any job. The mark is
the word of an author; these checks refuse it where the words, or what a key does, contradict it.
"""

from collections.abc import Iterator

from helpline.authoring.safe_wording import unsafe_wordings
from helpline.authoring.unsaid import Unsaid
from helpline.content.loading import Content
from menus.book import SLOT
from menus.faults import Fault
from menus.tree import Choice, End, Fork, Screen, Text, Tree

SMS = "sms."
"""What the names of all screens of the SMS dialogue begin with."""
SENT = "to_caller."


def unsafe_topics(content: Content, unsaid: Unsaid, names: frozenset[str]) -> Iterator[Fault]:
    """Yield a fault for each mark that must not be, and for each SMS without one. `names` are those of services.

    All languages are checked, whether the country has switched the topics on or not.
    """
    tree = content.parsed.tree
    for name, screen in tree.screens.items():
        if name in tree.sms_safe:
            found = [*_misplaced(tree, screen), *_betraying(content, screen, unsaid, names)]
        else:
            found = [*_unmarked(screen)]
        yield from (content.parsed.marks[name].fault(f"{name} {what} (R13)") for what in dict.fromkeys(found))


def _unmarked(screen: Screen) -> Iterator[str]:
    """Yield what is wrong with a screen without the mark: an SMS may have only words of `to_caller`, or marked ones."""
    text = None if isinstance(screen, Fork) else screen.text
    if screen.name.startswith(SMS) and text and not text.path.startswith(SENT):
        yield "is sent by SMS in words of its own; put them under `to_caller`, or mark the screen `sms_safe: true`"


def _misplaced(tree: Tree, screen: Screen) -> Iterator[str]:
    """Yield why a screen must not have the mark, whatever its words are."""
    if not screen.name.startswith(SMS):
        yield "is marked sms_safe; only a screen of menus/sms.yaml can be sent by SMS"
    if isinstance(screen, End) and screen.act:
        yield "is marked sms_safe, so it must do nothing: remove `act`"
    if isinstance(screen, Choice):
        if screen.each or any(option.keep for option in screen.options):
            yield "is marked sms_safe, so it must ask nothing: remove `keep` and `each`"
        if not tree.sms_safe.issuperset(option.goto for option in screen.options):
            yield "is marked sms_safe, but leads to a screen that is not"


def _betraying(content: Content, screen: Screen, unsaid: Unsaid, names: frozenset[str]) -> Iterator[str]:
    """Yield each word of a marked screen that shows what the texts are about, in any language."""
    for language, local in content.book.locals.items():
        said = " ".join(local.catalog.get((text.path, text.english), "") or text.english for text in _texts(screen))
        yield from (
            f"[{language}] {what}; remove the word, or the mark sms_safe" for what in unsafe_wordings(said, names)
        )
        for word in unsaid.in_topic(said, language):
            yield f"[{language}] says {word!r}; remove the word, or the mark sms_safe"
        if SLOT.search(said):
            yield f"[{language}] has a placeholder; a text that is marked sms_safe is always the same"


def _texts(screen: Screen) -> Iterator[Text]:
    """Yield all texts of a screen with the mark."""
    if isinstance(screen, Choice | End) and screen.text:
        yield screen.text
    if isinstance(screen, Choice):
        yield from (option.label for option in screen.options)
        yield from [screen.again] if screen.again else []
