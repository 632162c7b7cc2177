"""`komek up --author`: the demo's web reloads the content after each valid change.

A new app is built and replaces the old one as a whole, so a session never sees a mix of old and new content. Content
with faults in its English changes nothing. A language with missing translations stays available to the author, with
English texts in their place. Faults are printed and shown on the page.
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
"""Number of remarks to print: a change of one English text makes a remark for every language."""
_print = partial(print, flush=True)

Stamp = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the page shows to an author."""

    faults: list[str] = field(default_factory=list)
    """Why the last change was not loaded."""
    remarks: list[str] = field(default_factory=list)
    """Missing translations of the loaded content."""


@dataclass(slots=True)
class Drafts:
    """Loads the content of one country for an author. A language that was incomplete at the start stays out."""

    config: Config
    root: Path = ROOT
    out: frozenset[str] | None = None

    def load(self) -> tuple[Content, list[str]]:
        """Return the content and its missing translations. Raise `ContentFaults` if the English cannot be shown."""
        sources = read_sources(self.root)
        texts, lacking = loading.compose(self.config, sources)
        self.out = frozenset(lacking) & (frozenset(lacking) if self.out is None else self.out)
        behind = [fault for language, faults in lacking.items() if language not in self.out for fault in faults]
        if behind:
            texts, _ = loading.print_content(self.config, sources, self.out)
        return texts, list(map(str, sorted(set(behind))))


class Reloading:
    """A WSGI app that passes requests to the newest app that `make` made.

    `load` reads the content and returns it with remarks. `findings` are shown on the page. `taken` is called with the
    digest of each complete content that is loaded.
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
        """Answer a request with the present content."""
        return self._app(environ, start_response)

    def start(self) -> None:
        """Start a daemon thread that looks for changes."""
        threading.Thread(target=self._run, name="author", daemon=True).start()

    def look(self) -> None:
        """Check once whether a file has changed, and load the content if it is valid."""
        now = stamp(self._root)
        if now == self._stamp:
            return
        self._stamp = now
        try:
            texts, remarks = self._load()
            app = self._make(texts)
        except (ContentFaults, ConfigError) as error:
            self._refuse(list(map(str, error.faults)))
        except Exception as error:  # noqa: BLE001  # a half-written file can cause any error; the next check reads the rest
            self._refuse([f"content: {type(error).__name__}: {error}"])
        else:
            self._take(texts.book.digest, app, remarks)

    def _run(self) -> None:
        wait = threading.Event()
        while not wait.wait(LOOK_SECONDS):
            self.look()

    def _refuse(self, faults: list[str]) -> None:
        self._findings.faults[:] = faults
        _print("\n".join(["content   NOT loaded, the last valid content stays:", *faults]))

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
    return remarks if left <= 0 else [*remarks[:FEW], f"… and {left} more; `komek check` lists all"]


def stamp(root: Path) -> Stamp:
    """Return modification time and size of each content file."""
    found: dict[Path, tuple[int, int]] = {}
    for path in root.rglob("*"):
        if not path.name.startswith(".") and not path.name.endswith("~"):  # temporary files of editors
            try:
                about = path.stat()
            except OSError:  # an editor is replacing the file
                continue
            found[path] = (about.st_mtime_ns, about.st_size)
    return found
