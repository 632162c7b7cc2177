"""`komek export flow`: the menus of one country as a FLOIP flow package, for other tools. Nothing is ever read back.

One flow a topic. What the specification has no word for stands under `vendor_metadata.komek`: the drawn key, acts,
lists that depend on what was said before, placeholders.

    choice           SelectOneResponse
    ask              OpenResponse; NumericResponse where the answer is a number and not only digits
    statement, end   Message
    fork             Case
    keep             SetContactProperty on the way
    another topic    RunFlow; where to begin in it is a contact property, which that flow's first block looks at
"""

from collections.abc import Iterator
from datetime import datetime

from helpline.authoring.flow_package import (
    CASE,
    MESSAGE,
    NUMERIC,
    OPEN,
    RUN_FLOW,
    SELECT_ONE,
    SET_PROPERTY,
    VERSION,
    Json,
    block,
    id_of,
    language,
    leaves,
    properties,
)
from helpline.commands.menus.flow_parts import NUMBERS, Way, entrances, items, resources, shown_in, ways
from menus.book import SLOT, Book
from menus.graph import topic_of, topics
from menus.tree import DRAWN, Ask, Choice, End, Fork, Screen, Statement, Tree

BEGIN = "komek_begin"
"""The contact property that says at which screen of a topic to begin."""
SMS_TOPIC = "sms"
QUIET_SECONDS = {"USSD": 180, "SMS": 24 * 3600}
"""After how much silence it is over: a session as networks cut it, a dialogue by SMS after a day (R12)."""
AGAIN = "again"
"""The exit of a wrong key: the same screen once more."""


def container(book: Book, country: str, at: datetime) -> Json:
    """Give the whole package, ready to be written as JSON. `at` is the time of the export, in UTC."""
    tree = book.tree
    ours = {"country": country, "content": book.digest, "start": tree.start, "home": tree.home, "consent": tree.consent}
    return {
        "specification_version": VERSION, "uuid": id_of("container", country), "name": f"Komek {country}",
        "description": "A helpline. The keys 0 (back) and 00 (home) work on every screen and have no exits here.",
        "vendor_metadata": {"komek": ours}, "flows": [flow(book, topic, at) for topic in topics(tree)],
    }  # fmt: skip


def flow(book: Book, topic: str, at: datetime) -> Json:
    """Give one topic as a flow."""
    screens = [screen for name, screen in book.tree.screens.items() if topic_of(name) == topic]
    mode = "SMS" if topic == SMS_TOPIC else "USSD"
    blocks = [_entry(book.tree, topic), *(made for screen in screens for made in _blocks(book, screen))]
    texts = [made for screen in screens for made in resources(book, screen, mode)]
    return {
        "uuid": id_of("flow", topic), "name": f"Komek {topic}", "label": topic, "last_modified": at.isoformat(),
        "interaction_timeout": QUIET_SECONDS[mode], "supported_modes": [mode],
        "languages": [language(code) for code in book.languages], "first_block_id": blocks[0]["uuid"],
        "blocks": list({made["uuid"]: made for made in blocks}.values()),
        "resources": list({made["uuid"]: made for made in texts}.values()),
    }  # fmt: skip


def _entry(tree: Tree, topic: str) -> Json:
    """Give the first block of a flow, which looks where to begin."""
    name, found = f"{topic}.entry_", entrances(tree, topic)
    exits = [leaves(name, screen, id_of(screen), f"contact.{BEGIN} = '{screen}'") for screen in found]
    return block(name, CASE, {}, [*exits, leaves(name, "else", id_of(found[0]))])


def _blocks(book: Book, screen: Screen) -> Iterator[Json]:
    """Give the block of a screen, and those on the ways on from it."""
    found = list(ways(screen, tuple(items(book, screen, book.languages[0]))))
    exits = [leaves(screen.name, way.name, _toward(screen, way), way.test) for way in found]
    asks = isinstance(screen, Choice | Ask)
    over = [leaves(screen.name, "end")] if isinstance(screen, End) else []
    again = [leaves(screen.name, AGAIN, id_of(screen.name))] if asks else []
    yield block(screen.name, _kind(screen), _config(book, screen), [*exits, *over, *again], _ours(book, screen))
    for way in found:
        yield from _between(screen, way)


def _toward(screen: Screen, way: Way) -> str:
    """Give the block that a way leads to next."""
    kept = way.keep or topic_of(way.goto) != topic_of(screen.name)
    return id_of(f"{screen.name}.{way.name}") if kept else id_of(way.goto)


def _between(screen: Screen, way: Way) -> Iterator[Json]:
    """Give the blocks on a way: what is kept is set, and another topic is run."""
    here, there = topic_of(screen.name), topic_of(way.goto)
    beyond = there != here
    kept = [*way.keep, *([(BEGIN, f"'{way.goto}'")] if beyond else [])]
    runs = f"{here}.to_{there}_"
    if kept:
        name = f"{screen.name}.{way.name}"
        goal = id_of(runs) if beyond else id_of(way.goto)
        yield block(name, SET_PROPERTY, properties(kept), [leaves(name, "on", goal)])
    if beyond:
        yield block(runs, RUN_FLOW, {"flow_id": id_of("flow", there)}, [leaves(runs, "end")])


def _kind(screen: Screen) -> str:
    match screen:
        case Choice():
            return SELECT_ONE
        case Ask(keep=keep):
            return NUMERIC if keep in NUMBERS else OPEN
        case Statement() | End():
            return MESSAGE
        case Fork():
            return CASE


def _config(book: Book, screen: Screen) -> Json:
    match screen:
        case Choice(options=options):
            said = [(option.key, option.label.path) for option in options]
            said += [(code, f"{screen.name}.each.{code}") for code in items(book, screen, book.languages[0])]
            prompts = {"prompt": id_of("text", screen.name)}
            return prompts | {"choices": [_offered(name, path) for name, path in said]}
        case Ask(keep=keep):
            limits = dict(zip(("validation_minimum", "validation_maximum"), NUMBERS.get(keep, ()), strict=False))
            return {"prompt": id_of("text", screen.name), **limits}
        case Statement() | End():
            return {"prompt": id_of("text", screen.name)}
        case Fork():
            return {}


def _offered(name: str, path: str) -> Json:
    return {"name": name, "prompt": id_of("text", path), "test": f"block.response = '{name}'"}


def _ours(book: Book, screen: Screen) -> dict[str, object]:
    """Give what the specification has no word for."""
    found: dict[str, object] = {"screen": screen.name}
    slots = {slot for language in book.languages for slot in SLOT.findall(shown_in(book, screen, language))}
    match screen:
        case Choice(options=options, each=each):
            found |= {"drawn": "a key from 1 to 7"} if any(option.key == DRAWN for option in options) else {}
            found |= {"each": {"from": each.source, "keep": each.keep}} if each else {}
        case Ask(keep=keep, digits=digits, least=least, letters=letters):
            found |= {"keep": keep, "least": least or digits, "most": digits, "letters": letters}
        case End(act=act) if act:
            found["act"] = act.value
        case Fork() | Statement() | End():
            pass
    return found | ({"slots": sorted(slots)} if slots else {})
