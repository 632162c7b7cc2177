"""`komek translate keywords`: the sheet of a language's SMS words and sentences."""

import csv
from io import StringIO

import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.commands.translate.update import bases
from helpline.content import sentences
from helpline.content.sources import ROOT
from helpline.core.spreadsheets import MARK, original


def rows_of(language: str) -> list[dict[str, str]]:
    """Return the rows that the command prints."""
    done = CliRunner().invoke(komek, ["translate", "keywords", language])
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(StringIO(done.output.removeprefix(MARK))))


@pytest.mark.parametrize("language", ["en", *bases()])
def test_the_sheet_has_every_word_and_sentence_with_a_verdict(language: str) -> None:
    """A word of its own meaning is always understood as it is meant; of the sentences, 95 of 100."""
    rows = rows_of(language)
    table = sentences.read(ROOT / "sentences" / f"{language}.yaml")
    spoken = [row for row in rows if row["where"].startswith("sentences/")]
    assert [(original(row["text"]), row["meaning"]) for row in spoken] == [(text, str(is_)) for text, is_ in table]
    assert sum(row["right"] == "yes" for row in spoken) >= len(spoken) * sentences.BAR / 100
    words = [row for row in rows if not row["where"].startswith("sentences/")]
    assert {"stop.words", "danger", "call", "help", "ngo.yes", "grammar.calls"} <= {row["where"] for row in words}
    assert [row for row in words if row["right"] == "NO"] == []


def test_the_sheet_can_be_written_to_a_file(tmp_path) -> None:
    path = tmp_path / "tg.csv"
    assert CliRunner().invoke(komek, ["translate", "keywords", "tg", "--to", str(path)]).exit_code == 0
    assert path.read_bytes().decode("utf-8-sig").startswith("where,text,meaning,understood as,right\r\n")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    done = CliRunner().invoke(komek, ["translate", "keywords", "xx"])
    assert done.exit_code == 2
    assert "choose from en, " in done.output
