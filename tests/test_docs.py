"""Checks of the documents against the code: settings, links, commands, decisions, rules."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from helpline.cli import komek
from helpline.commands.operate.show_settings import GROUPS, made, told_of
from helpline.content.reviews import SIGNERS
from helpline.content.sources import read_sources
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from helpline.core.process_keys import CHANNEL_PREFIX, PREFIX
from tests.promises import PAGES as PROMISES
from tests.promises import faults_of_notes, names_of_tests, read, without_a_note

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "content").rglob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
RULE = re.compile(r"\bR([1-9][0-9]?)\b")
COMMAND = re.compile(r"(?:`|^    )(?:\./)?komek ([a-z]+(?:-[a-z]+)*)", re.MULTILINE)


def called(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: str) -> str:
    return (ROOT / page).read_text()


def commands(group: click.Group = komek, before: str = "komek") -> Iterator[str]:
    """Return every command as users type it."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_the_page_of_settings_is_as_made() -> None:
    """If this fails: `komek settings --page > docs/settings.md`."""
    assert text("docs/settings.md") == made()


@pytest.mark.parametrize("setting", Config.model_fields)
def test_every_setting_says_what_it_decides(setting: str) -> None:
    group = next(group for group in GROUPS.values() if setting in group.model_fields)
    assert told_of(group)[setting].endswith(".")


def test_every_documented_setting_exists() -> None:
    known = {PREFIX + name.upper() for name in Config.model_fields} | {CHANNEL_PREFIX.rstrip("_")}
    pages = [page for page in PAGES if page not in DECISIONS]  # a decision may describe an option that was not chosen
    named = {name for page in pages for name in re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", page.read_text())}
    assert {name.removesuffix("_FILE") for name in named} <= known


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_has_a_target(page: Path) -> None:
    """Only relative links, because tests do not use the network. Code in a page has no links."""
    words = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in LINK.findall(words) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    plain = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", plain, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_into_a_page_has_a_heading(page: Path) -> None:
    words = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    links = [link.partition("#") for link in LINK.findall(words) if "://" not in link and "#" in link]
    there = {file: anchors(page.parent / file if file else page) for file, _, _ in links if file == "" or ".md" in file}
    assert [f"{file}#{at}" for file, _, at in links if file in there and at not in there[file]] == []


def test_the_page_of_operations_is_short() -> None:
    """It is a map: what is looked up is on pages of its own."""
    assert len(text("docs/operations.md").split()) <= 2_000


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_named_in_the_docs(command: str) -> None:
    assert any(re.search(rf"{command}\b", page.read_text()) for page in PAGES)


def test_every_documented_command_exists() -> None:
    """A page that promises a missing command wastes somebody's evening."""
    known = {command.split()[1] for command in commands()}
    named = {name for page in PAGES for name in COMMAND.findall(page.read_text())}
    assert named <= known


def test_every_text_to_read_names_who_must_sign_it() -> None:
    """Each in the section of its file. No text of advice reaches a caller without somebody who answers for it."""
    found = []
    for menu in sorted((ROOT / "content" / "menus").glob("*.yaml")):
        screens = read_yaml(menu)["screens"]
        sections = [each for each in text("docs/topics.md").split("\n## ") if f"`{menu.name}`" in each.split("\n")[0]]
        rows = [line.split(" | ") for section in sections for line in section.splitlines() if line.startswith("| `")]
        signed = {
            name for first, *_, last in rows if last.strip(" |") for name in re.findall(r"`(?:\w+\.)?(\w+)`", first)
        }
        found += [f"{menu.stem}.{name}" for name, each in screens.items() if "statement" in each and name not in signed]
    assert found == []


def test_the_page_of_topics_and_the_file_of_signers_name_the_same_people() -> None:
    """The page says what each must look at, the file keeps the line closed until they have signed."""
    named = dict[str, set[str]]()
    for section in text("docs/topics.md").split("\n## "):
        menu = next(iter(re.findall(r"`(\w+)\.yaml`", section.split("\n")[0])), "")
        for first, *_, last in (line.split(" | ") for line in section.splitlines() if line.startswith("| `")):
            roles = {role for role in SIGNERS if re.search(rf"\b{role}\b", last, re.IGNORECASE)}
            for name in re.findall(r"`([\w.]+)`", first) if roles else ():
                named.setdefault(name if "." in name else f"{menu}.{name}", set()).update(roles)
    assert named == {name: {*roles} for name, roles in read_sources().signers.items()}


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=called)
def test_a_decision_has_a_number_and_a_date(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    assert any(re.search(r"\b20\d\d-\d\d-\d\d\b", line) for line in lines[:4])


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_cited_rule_is_explained(page: Path) -> None:
    explained = set(re.findall(r"^\| R(\d+) \|", text("docs/rules.md"), re.MULTILINE))
    assert set(RULE.findall(page.read_text())) <= explained


def test_every_rule_in_force_has_a_test() -> None:
    """A rule is in force if a test would notice its loss."""
    rows = re.findall(r"^\| R(\d+) \| .* \| yes\b", text("docs/rules.md"), re.MULTILINE)
    tests = "\n".join(page.read_text() for page in (ROOT / "tests").rglob("test_*.py"))
    assert [f"R{rule}" for rule in rows if f"def test_r{int(rule):02}_" not in tests] == []


@pytest.mark.parametrize("page", PROMISES, ids=called)
def test_every_promise_names_its_test(page: Path) -> None:
    """How to write the note: the first lines of docs/rules.md."""
    assert list(without_a_note(read(page.read_text()))) == []


@pytest.mark.parametrize("page", PROMISES, ids=called)
def test_every_test_that_a_promise_names_exists(page: Path) -> None:
    assert faults_of_notes(page.read_text(), names_of_tests()) == []


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", text("docs/faults.md")))
    assert named
    assert named - set(names_of_tests()) == set()


def test_the_page_of_faults_names_each_mutant_that_takes_a_protection_out() -> None:
    """Others cannot be controls of what it says, and a protection without a sentence is one that nobody is told of."""
    named = set(re.findall(r"`(fault-[a-z0-9-]+)`", text("docs/faults.md")))
    assert named == {file.stem for file in (ROOT / "tests" / "mutants").glob("fault-*.patch")}


PROMISED = """\
# A page

It introduces itself: nothing here is ever checked.

## Somebody

*They never sleep.*

The number is kept. It is deleted at once. It is sealed.[^a] That
is all.[^limit]

- one;
- it is never shown

| what | where | how long |
|---|---|---|
| a text, sealed | memory | until it was read |
| a sum | memory | an hour[^a] |

| what protects | what does not |
|---|---|
| A new call starts empty | The last one is always shown |

| | rule | in force |
|---|---|---|
| R1 | Nobody calls | yes |
| R2 | Nobody sees | yes.[^b] Only they know[^people] |
| R38 | Only people | people |

## The tests

[^a]: `test_that_exists`, `test_that_was_renamed`
[^c]: `test_that_exists`
[^c]: `test_that_exists`
[^limit]: A limit.
"""


def test_a_promise_without_its_test_is_found() -> None:
    assert list(without_a_note(read(PROMISED))) == [
        "9: It is deleted at once.",
        "13: it is never shown",
        "17: until it was read",
        "22: A new call starts empty",
        "26: yes",
        "17: a text, sealed",
    ]


def test_a_wrong_note_is_found() -> None:
    assert faults_of_notes(PROMISED, {"test_that_exists"}) == [
        "[^a] names test_that_was_renamed, which does not exist",
        "[^b] has no text",
        "[^c] has 2 texts",
        "[^c] is not used",
        "[^people] has no text",
    ]
