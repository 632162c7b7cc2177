"""The files with the content as an earlier start made it: they save work, and never show anything but what `content/` says now."""

import hashlib
import logging
import os
import pickle
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from helpline.content import console_texts, content_cache, loading
from helpline.content.catalogs import file_of
from helpline.content.content_cache import CALLERS, CONSOLE, HASH_BYTES
from helpline.content.loading import Content
from helpline.content.sources import ROOT, read_sources
from helpline.core.config import Config
from menus.faults import ContentFaults

NOTHING = "hints.nothing"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the content that a test may change."""
    return Path(shutil.copytree(ROOT, tmp_path / "content", ignore=shutil.ignore_patterns("*.ttf", "schema")))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the settings of Turkmenistan, which has the fewest languages, with an empty data folder."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Config(country="TM", data=data)


def shown(content: Content) -> object:
    """Return what callers can read at home and abroad, and the country."""
    books = [content.book, *content.abroad.values()]
    return [(book.digest, book.tree, book.pages, book.notices, book.languages) for book in books], content.country


def translate(root: Path, old: str, new: str) -> None:
    """Change a translation into Turkmen. The file keeps its size and its time."""
    file = file_of(root, "tk")
    times, text = file.stat(), file.read_text("utf-8")
    assert text.count(f'msgstr "{old}"') >= 1
    file.write_text(text.replace(f'msgstr "{old}"', f'msgstr "{new}"'), "utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_the_second_start_reads_what_the_first_one_made(config: Config, root: Path) -> None:
    first = content_cache.load(config, root)
    made = (config.data / CALLERS).stat()
    second = content_cache.load(config, root)
    assert (config.data / CALLERS).stat().st_ino == made.st_ino
    assert stat.S_IMODE(made.st_mode) == 0o600
    assert [path.name for path in config.data.iterdir()] == [CALLERS]
    assert shown(first) == shown(second) == shown(loading.load(config, root))
    assert (first.keywords, first.parsed, first.reviews) == (second.keywords, second.parsed, second.reviews)
    of_first, of_second = (content.book.locals["tk"].search("ashgabat", "") for content in (first, second))
    assert of_first == of_second != []


def test_the_console_has_its_own_file(config: Config, root: Path) -> None:
    languages = ("tk", "ru")
    first = content_cache.load_console_texts(config, languages, root)
    made = (config.data / CONSOLE).stat()
    assert content_cache.load_console_texts(config, languages, root) == first == console_texts.read(root, languages)
    assert (config.data / CONSOLE).stat().st_ino == made.st_ino
    assert content_cache.load_console_texts(config, ("ru",), root) == console_texts.read(root, ("ru",))
    file = root / "console" / "frame.yaml"
    file.write_text(f"{file.read_text('utf-8')}\n# a comment\n", "utf-8")
    before = (config.data / CONSOLE).stat().st_ino
    content_cache.load_console_texts(config, ("ru",), root)
    assert (config.data / CONSOLE).stat().st_ino != before


def test_a_changed_text_shows_at_once(config: Config, root: Path) -> None:
    old = content_cache.load(config, root).book.notices["tk"][NOTHING]
    translate(root, old, old.swapcase())
    assert content_cache.load(config, root).book.notices["tk"][NOTHING] == old.swapcase()
    translate(root, old.swapcase(), old)
    assert content_cache.load(config, root).book.notices["tk"][NOTHING] == old


def test_other_settings_show_at_once(config: Config, root: Path) -> None:
    """They share the data folder, as after a change of settings."""
    content_cache.load(config, root)
    for changed in ({"keep_days": config.keep_days + 3}, {"country": "KG"}, {"languages": ("ru",)}):
        other = config.model_copy(update=changed)
        assert shown(content_cache.load(other, root)) == shown(loading.load(other, root))


def test_no_other_setting_changes_the_content(config: Config, root: Path) -> None:
    """Otherwise the name of the content in the file would need that setting, too."""
    asked = set[str]()

    class Watched:
        def __getattr__(self, name: str) -> object:
            asked.add(name)
            return getattr(config, name)

    loading.compose(cast("Config", Watched()), read_sources(root))
    assert asked == {"country", "languages", "keep_days"}


def test_an_old_process_writes_nothing_under_the_name_of_newer_code(
    config: Config, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update of the files, until the restart. Every later start would read what the old code has made."""
    content_cache.load(config, root)
    made = (config.data / CALLERS).read_bytes()[:HASH_BYTES]
    newer = tmp_path / "newer"
    for package in content_cache.PACKAGES:
        shutil.copytree(content_cache.CODE / package, newer / package)
    (newer / "helpline" / "content" / "loading.py").write_text("# another version\n")
    monkeypatch.setattr(content_cache, "CODE", newer)
    (config.data / CALLERS).unlink()
    content_cache.load(config, root)
    assert (config.data / CALLERS).read_bytes()[:HASH_BYTES] == made
    assert content_cache._hash_of_code() != content_cache.IMPORTED


def test_the_country_of_no_content_has_its_fault(config: Config, root: Path) -> None:
    content_cache.load(config, root)
    with pytest.raises(ContentFaults, match="there is no country XX"):
        content_cache.load(config.model_copy(update={"country": "XX"}), root)


def test_a_language_that_is_left_out_is_logged_at_each_start(
    config: Config, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = loading.load(config, root).book.notices["tk"][NOTHING]
    translate(root, old, "")
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        caplog.clear()
        assert "tk" not in content_cache.load(config, root).book.languages
        assert any("language_left_out" in record.getMessage() for record in caplog.records)


def cut(held: bytes) -> bytes:
    return held[: len(held) // 2]


def turned(held: bytes) -> bytes:
    return held[:-1000] + bytes([held[-1000] ^ 1]) + held[-999:]


def of_another_start(held: bytes) -> bytes:
    return bytes(HASH_BYTES) + held[HASH_BYTES:]


def calling(held: bytes) -> bytes:
    """Return a file in which everything is right, but which makes a folder when it is read."""

    class Calls:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, ("called",)

    body = pickle.dumps(Calls())
    return held[:HASH_BYTES] + hashlib.blake2b(body, digest_size=HASH_BYTES).digest() + body


def calling_ours(held: bytes) -> bytes:
    """Return the same with a function of our own."""

    class Calls:
        def __reduce__(self) -> tuple[object, ...]:
            return loading.load, (Config(country="XX"),)

    body = pickle.dumps(Calls())
    return held[:HASH_BYTES] + hashlib.blake2b(body, digest_size=HASH_BYTES).digest() + body


def nothing(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoil", [cut, turned, of_another_start, calling, calling_ours, nothing])
def test_a_spoilt_file_is_ignored_and_replaced(
    config: Config, root: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    monkeypatch.chdir(config.data.parent)
    file, right = config.data / CALLERS, shown(content_cache.load(config, root))
    held = file.read_bytes()
    file.write_bytes(spoil(held))
    assert shown(content_cache.load(config, root)) == right
    assert file.read_bytes()[:HASH_BYTES] == held[:HASH_BYTES]
    assert len(file.read_bytes()) > len(held) // 2
    assert not Path("called").exists()


def test_a_file_that_others_can_write_is_not_read(config: Config, root: Path) -> None:
    right = shown(content_cache.load(config, root))
    file = config.data / CALLERS
    before = file.stat().st_ino
    file.chmod(0o620)
    assert shown(content_cache.load(config, root)) == right
    assert file.stat().st_ino != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_is_not_followed(config: Config, root: Path) -> None:
    content_cache.load(config, root)
    elsewhere = config.data.parent / "elsewhere"
    (config.data / CALLERS).rename(elsewhere)
    (config.data / CALLERS).symlink_to(elsewhere)
    content_cache.load(config, root)
    assert not (config.data / CALLERS).is_symlink()


def test_a_pipe_in_place_of_the_file_is_replaced(config: Config, root: Path) -> None:
    """To open it would wait for ever, and Komek would not start."""
    right = shown(content_cache.load(config, root))
    (config.data / CALLERS).unlink()
    os.mkfifo(config.data / CALLERS, 0o600)
    assert shown(content_cache.load(config, root)) == right
    assert (config.data / CALLERS).is_file()


def test_without_a_folder_to_write_to_the_content_is_made_again(config: Config, root: Path) -> None:
    """`/dev/null` stands for a read-only disk: no user, not even root, can make a file under it."""
    for folder in (Path("/dev/null"), config.data / "none"):
        other = config.model_copy(update={"data": folder})
        assert shown(content_cache.load(other, root)) == shown(loading.load(other, root))
