"""`up --author`, tested inside the process: the web uses valid content, and otherwise keeps the last good one."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from gateway.phone import page
from gateway.phone.reloading import LOOK_SECONDS, Drafts, Findings, Reloading
from helpline.commands.operate.run_all import start
from helpline.content.loading import Content
from helpline.content.sources import ROOT
from helpline.core.clock import clock_of
from helpline.core.config import Config, ConfigError
from helpline.operations.demo import Notes, announced, of_country, settings


@dataclass
class Desk:
    """An author's copy of the content, and the web that follows it."""

    root: Path
    findings: Findings = field(default_factory=Findings)
    taken: list[str] = field(default_factory=list)
    web: Reloading = field(init=False)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT, self.root)
        load = Drafts(Config(), self.root).load
        self.web = Reloading(app_of, load, self.root, self.findings, self.taken.append)

    def write(self, old: str, new: str, name: str = "menus/start.yaml") -> None:
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def digest(self) -> str:
        return self.get("/")

    def get(self, path: str) -> str:
        return Client(self.web).get(path).text


def app_of(texts: Content) -> Flask:
    app = Flask("author")
    app.add_url_rule("/", "digest", lambda: texts.book.digest)
    app.add_url_rule("/languages", "languages", lambda: " ".join(texts.book.languages))
    app.add_url_rule("/<language>", "home", lambda language: texts.book.pages[language]["start.home"][0].text)
    return app


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "content")


def test_a_valid_change_is_accepted_and_reported_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = desk.digest()
    desk.write("start: language", "# A remark.\nstart: language")
    assert desk.digest() == before
    for _ in range(3):
        desk.web.look()
    assert desk.digest() != before
    assert desk.taken == [desk.digest()]
    assert capsys.readouterr().out == f"content   {desk.digest()}\n"


def test_a_language_with_an_outdated_text_shows_english_and_is_named(desk: Desk) -> None:
    offered = desk.get("/languages")
    russian = desk.get("/ru")
    desk.write("How can we help?", "What is it you need?")
    desk.web.look()
    assert desk.get("/en").startswith("What is it you need?\n")
    assert desk.get("/ru").startswith("What is it you need?\n")
    assert desk.get("/ru").partition("\n")[2] == russian.partition("\n")[2]
    assert desk.get("/languages") == offered
    assert desk.findings.faults == []
    assert any("start.home" in remark or "What is it you need?" in remark for remark in desk.findings.remarks)
    assert desk.taken == []  # workers continue with complete content
    desk.write("What is it you need?", "How can we help?")
    desk.web.look()
    assert desk.findings.remarks == []
    assert desk.get("/ru") == russian


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("start: [", "content/menus/start.yaml:"),
        ("start: nowhere", "content/menus/start.yaml:"),
    ],
)
def test_a_fault_keeps_the_last_good_content_and_names_its_position(
    desk: Desk, new: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.digest()
    desk.write("start: language", new)
    desk.web.look()
    assert desk.digest() == before
    assert desk.taken == []
    assert any(each.startswith(fault) for each in desk.findings.faults)
    assert capsys.readouterr().out.startswith("content   NOT loaded")
    desk.write(new, "start: language")
    desk.web.look()
    assert desk.findings.faults == []
    assert desk.digest() == before


def test_detecting_a_change_leaves_one_of_two_seconds_for_reading_it() -> None:
    asks = re.search(r"EVERY_MS = (\d+);", (Path(page.__file__).parent / "static" / "service.js").read_text())
    assert asks
    assert LOOK_SECONDS + int(asks[1]) / 1000 <= 1


def test_temporary_files_of_editors_are_ignored(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (".start.yaml.swp", "start.yaml~"):
        (desk.root / "menus" / name).write_text("half a")
    desk.web.look()
    assert not capsys.readouterr().out


def test_a_deleted_file_is_a_fault_and_stops_nothing(desk: Desk) -> None:
    before = desk.digest()
    (desk.root / "notices.yaml").unlink()
    desk.web.look()
    assert desk.findings.faults
    assert desk.digest() == before


def test_any_error_is_a_fault(desk: Desk) -> None:
    made: Iterable[str] = iter(["one"])

    def load() -> tuple[Content, list[str]]:
        raise LookupError(next(iter(made)))

    desk.web._load = load
    desk.write("start: language", "start: language ")
    desk.web.look()
    assert desk.findings.faults == ["content: LookupError: one"]


def test_only_the_demo_can_follow_an_author() -> None:
    with pytest.raises(ConfigError, match="--author works in the demo only"):
        start(Config(channels=("africastalking",)), author=True)


def test_another_country_gets_its_own_data_folder() -> None:
    first = Config(data=Path("d"), country="TJ")
    assert of_country(first, "TJ") == first
    other = of_country(first, "KG")
    assert (other.country, other.data) == ("KG", Path("d/demo-kg"))
    assert other.sql_url != first.sql_url
    assert clock_of(True, other.data) != clock_of(True, first.data)


def test_commands_use_the_running_country_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KOMEK_DATA", str(tmp_path))
    first = Config(data=tmp_path)
    with announced(first, of_country(first, "TJ")):
        assert (settings().country, settings().data) == ("TJ", tmp_path / "demo-tj")
    assert f"Using the running demo: TJ, {tmp_path / 'demo-tj'}" in capsys.readouterr().err
    with announced(first, first):
        assert settings() == first
    assert settings() == first
    assert capsys.readouterr().err == ""


def test_commands_without_a_country_use_the_one_that_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMEK_DATA", str(tmp_path))
    begun = Config(data=tmp_path, country="TJ")
    with announced(begun, begun):
        assert (settings().country, settings().data) == ("TJ", tmp_path)
    with announced(begun, of_country(begun, "KG")):
        assert (settings().country, settings().data) == ("KG", tmp_path / "demo-kg")


def test_a_switch_is_remembered_until_it_is_cleared(tmp_path: Path) -> None:
    notes = Notes(tmp_path)
    assert (notes.asked_for(), notes.content()) == ("", "")
    notes.ask_for("TJ")
    notes.tell_content("abc")
    assert (notes.asked_for(), notes.content()) == ("TJ", "abc")
    notes.clear()
    assert (notes.asked_for(), notes.content(), list(tmp_path.iterdir())) == ("", "", [])
