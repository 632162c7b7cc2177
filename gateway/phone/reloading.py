"""`komek up --author`: the demo's web takes up each valid change of the content while it runs.

The web is made anew beside the old one and put in its place whole, so that a call sees the old content or the new,
never half of each. Content whose English is not valid changes nothing. A language that a change has left behind stays
on offer to the author, in English where its translation is missing. What is wrong is printed and shown.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from helpline.content import loading
from helpline.content.loading import Content
from helpline.content.sources import ROOT, read_sources
from helpline.core.config import Config, ConfigError
from menus.faults import ContentFaults

LOOK_SECONDS = 0.25
FEW = 8
"""Remarks to print; a change of one English text leaves every language behind."""
_print = partial(print, flush=True)

Stamp = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the page tells an author: `faults` of content that was not taken up, `remarks` on what was."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Drafts:
    """Reads the content of one country as an author has it. A language that was not whole at first stays out."""

    config: Config
    root: Path = ROOT
    out: frozenset[str] | None = None

    def load(self) -> tuple[Content, list[str]]:
        """Give the content, and what its languages lack. Raises `ContentFaults` where the English cannot be shown."""
        sources = read_sources(self.root)
        texts, lacking = loading.compose(self.config, sources)
        self.out = frozenset(lacking) & (frozenset(lacking) if self.out is None else self.out)
        behind = [fault for language, faults in lacking.items() if language not in self.out for fault in faults]
        if behind:
            texts, _ = loading.print_content(self.config, sources, self.out)
        return texts, list(map(str, sorted(set(behind))))


class Reloading:
    """A WSGI app that is always the newest of those that `make` made.

    `load` reads the content and gives what is to be remarked on it; `findings` are kept for the page; `taken` is told
    the digest of each whole content that came into use.
    """

    def __init__(
        self, make: Callable[[Content], Flask], load: Callable[[], tuple[Content, list[str]]], root: Path,
        findings: Findings, taken: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._make, self._load, self._root = make, load, root
        self._findings, self._taken = findings, taken
        self._stamp = stamp(root)
        texts, _ = load()
        self._digest = texts.book.digest
        self._app = make(texts)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request with the content in use."""
        return self._app(environ, start_response)

    def start(self) -> None:
        """Begin to look, from a thread that ends with the process."""
        threading.Thread(target=self._run, name="author", daemon=True).start()

    def look(self) -> None:
        """Look once whether a file has changed, and take up what is there if it is valid."""
        now = stamp(self._root)
        if now == self._stamp:
            return
        self._stamp = now
        try:
            texts, remarks = self._load()
            app = self._make(texts)
        except (ContentFaults, ConfigError) as error:
            self._refuse(list(map(str, error.faults)))
        except Exception as error:  # noqa: BLE001  # half a file can break anything; the next look finds the rest
            self._refuse([f"content: {type(error).__name__}: {error}"])
        else:
            self._take(texts.book.digest, app, remarks)

    def _run(self) -> None:
        wait = threading.Event()
        while not wait.wait(LOOK_SECONDS):
            self.look()

    def _refuse(self, faults: list[str]) -> None:
        self._findings.faults[:] = faults
        _print("\n".join(["content   NOT taken up, the last good one stays:", *faults]))

    def _take(self, digest: str, app: Flask, remarks: list[str]) -> None:
        changed = digest != self._digest or bool(self._findings.faults)
        self._findings.faults.clear()
        self._findings.remarks[:] = remarks
        self._digest, self._app = digest, app
        if changed:
            _print("\n".join([f"content   {digest}", *_few(remarks)]))
        if changed and not remarks:
            self._taken(digest)


def _few(remarks: list[str]) -> list[str]:
    left = len(remarks) - FEW
    return remarks if left <= 0 else [*remarks[:FEW], f"… and {left} more: `komek check` says them all"]


def stamp(root: Path) -> Stamp:
    """Give when each file of the content was last written, and how long it is."""
    found: dict[Path, tuple[int, int]] = {}
    for path in root.rglob("*"):
        if not path.name.startswith(".") and not path.name.endswith("~"):  # what editors lay beside a file
            try:
                about = path.stat()
            except OSError:  # an editor puts a new file in the place of the old one
                continue
            found[path] = (about.st_mtime_ns, about.st_size)
    return found
