"""The PO format: reading and writing loses nothing, other tools read the same, and each fault has its line."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from helpline.content import po
from helpline.content.po import Entry, Po
from helpline.content.sources import ROOT

FILES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/content.po"))
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\'), min_size=1, max_size=30)
LINE = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)
SAFE = LINE.filter(lambda line: line[0] not in ".:,|~#")


def name(file: Path) -> str:
    return file.parent.parent.name


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_file_is_written_as_it_was_read(file: Path) -> None:
    """To the byte, so an update without changes changes nothing."""
    found, faults = po.read(file.name, file.read_bytes())
    assert faults == []
    assert po.write(found).encode() == file.read_bytes()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_polib_and_babel_read_the_same(file: Path) -> None:
    """The libraries of translators' tools find every text, flag, note and translation that we find."""
    found, _ = po.read(file.name, file.read_bytes())
    live = [entry for entry in found.entries if not entry.obsolete]
    by_polib = polib.pofile(str(file))
    rows = [(e.msgctxt, e.msgid, e.msgstr, tuple(e.flags), e.comment) for e in by_polib if not e.obsolete]
    assert rows == [(e.context, e.english, e.translation, e.flags, "\n".join(e.notes)) for e in live]
    babel = {(m.context, m.id): m.string for m in read_po(BytesIO(file.read_bytes())) if m.id}
    assert babel == {entry.key: entry.translation for entry in live}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_round_trip_through_polib_loses_nothing(file: Path, tmp_path: Path) -> None:
    """An editor that rewraps lines changes the form, not the contents."""
    found, _ = po.read(file.name, file.read_bytes())
    polib.pofile(str(file), wrapwidth=60).save(str(tmp_path / "saved.po"))
    again, faults = po.read("saved.po", (tmp_path / "saved.po").read_bytes())
    assert faults == []
    assert [each.key for each in again.entries] == [each.key for each in found.entries]
    assert again.headers() == found.headers()
    assert [(e.translation, e.flags, unwrapped(e)) for e in again.entries] == [
        (e.translation, e.flags, unwrapped(e)) for e in found.entries
    ]


def unwrapped(entry: Entry) -> str:
    """Return the former English without its line breaks."""
    return "".join(re.findall(r'"(.*)"', "\n".join(entry.previous)))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt (gettext) is not here")
@pytest.mark.parametrize("file", [*FILES, ROOT / "locale" / "content.pot"], ids=lambda file: file.parts[-3])
def test_msgfmt_accepts_every_file(file: Path) -> None:
    """The reference implementation with all its checks."""
    done = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@given(st.lists(st.builds(
    Entry, LINE, TEXT, TEXT, st.lists(st.sampled_from(["fuzzy", "no-wrap", "max-length:9"]), unique=True).map(tuple),
    st.lists(SAFE).map(tuple), st.lists(LINE).map(tuple), st.just(("content/a.yaml:1",)), st.just(('msgid "x"',)),
    st.booleans(),
), unique_by=lambda entry: entry.context, max_size=5))  # fmt: skip
def test_any_written_entry_is_read_unchanged(entries: list[Entry]) -> None:
    """Quotes, line ends, backslashes and letters of any script."""
    file = Po(Entry("", "", "Content-Type: text/plain; charset=UTF-8\n"), tuple(entries))
    again, faults = po.read("any.po", po.write(file).encode())
    assert faults == []
    assert again == file


BROKEN = [
    ('msgctxt "a"\nmsgid "b\nmsgstr ""\n', "x.po:6:1: is not a line of a PO file"),
    ('msgctxt "a"\nmsgid "b"\nmsgid_plural "c"\nmsgstr[0] ""\n', "x.po:7:1: is not a line of a PO file"),
    ('msgctxt "a"\nmsgstr "b"\n', "x.po:5:1: has no msgid"),
    ('msgctxt "a"\nmsgid "b"\nmsgstr ""\n\nmsgctxt "a"\nmsgid "c"\nmsgstr ""\n', "x.po:9:1: a is here twice (first at line 5)"),
    ("nonsense\n", "x.po:5:1: is not a line of a PO file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BROKEN, ids=[row[1][:8] + str(at) for at, row in enumerate(BROKEN)])
def test_a_fault_of_a_po_file_names_its_line(text: str, says: str) -> None:
    """Reading continues after it."""
    _, faults = po.read("x.po", (HEADER + text).encode())
    assert str(faults[0]).startswith(says), faults


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (HEADER.replace("UTF-8", "windows-1251").encode(), "x.po:1:1: the header says charset=windows-1251"),
        (b'msgid "a"\nmsgstr "b"\n', "x.po:1:1: the header says charset=(nothing)"),
        (HEADER.encode() + 'msgid "Да"\n'.encode("cp1251"), "x.po:5:1: is not UTF-8"),
    ],
)
def test_only_utf_8_is_accepted(data: bytes, says: str) -> None:
    """In the header and in the bytes."""
    _, faults = po.read("x.po", data)
    assert str(faults[0]).startswith(says), faults
