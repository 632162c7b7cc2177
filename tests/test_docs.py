"""Checks of the documents against the code: settings, links, commands, decisions, rules."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from helpline.cli import komek
from helpline.core.config import Config
from helpline.core.process_keys import PREFIX

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "content").rglob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
NUMBERS = [name for name, field in Config.model_fields.items() if isinstance(field.default, int)]
LINK = re.compile(r"\]\(([^)\s]+)\)")
RULE = re.compile(r"\bR([1-9][0-9]?)\b")
COMMAND = re.compile(r"(?:`|^    )(?:\./)?komek ([a-z]+)", re.MULTILINE)


def called(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: str) -> str:
    return (ROOT / page).read_text()


def commands(group: click.Group = komek, before: str = "komek") -> Iterator[str]:
    """Return every command as users type it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


@pytest.mark.parametrize("setting", [PREFIX + name.upper() for name in Config.model_fields])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in text("docs/operations.md")


def test_every_documented_setting_exists() -> None:
    known = {PREFIX + name.upper() for name in Config.model_fields}
    pages = [page for page in PAGES if page not in DECISIONS]  # a decision may describe an option that was not chosen
    named = {name for page in pages for name in re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", page.read_text())}
    assert {name.removesuffix("_FILE") for name in named} <= known


@pytest.mark.parametrize("setting", NUMBERS)
def test_documented_defaults_are_right(setting: str) -> None:
    row = next(line for line in text("docs/operations.md").splitlines() if f"| `{PREFIX}{setting.upper()}` |" in line)
    assert f"`{str(Config.model_fields[setting].default).lower()}`" in row.split("|")[2]


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_has_a_target(page: Path) -> None:
    """Only relative links, because tests do not use the network. Code in a page has no links."""
    words = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in LINK.findall(words) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_named_in_the_docs(command: str) -> None:
    assert any(re.search(rf"{command}\b", page.read_text()) for page in PAGES)


def test_every_documented_command_exists() -> None:
    """A page that promises a missing command wastes somebody's evening."""
    known = {command.split()[1] for command in commands()}
    named = {name for page in PAGES for name in COMMAND.findall(page.read_text())}
    assert named <= known


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
