"""The baselines of a hop: Flask, views that read the form, and a constant answer. They are served as our web is.

One view does nothing else. One also commits a row durably, and one reads a row, with `sqlite3` and nothing between. One
counts a try in Valkey, with the client `redis`, and one does that and reads a row.
"""

import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask, request
from redis import Redis

ANSWER = "CON Somebody will call you. Delete this message."
FOLDER, VALKEY = "BENCH_BARE_FOLDER", "BENCH_BARE_VALKEY"
ALONE, COMMITS, READS, COUNTS, BOTH = "/ussd", "/commit", "/read", "/count", "/both"
own = threading.local()


def bare() -> Flask:
    """Return the app to serve."""
    app = Flask(__name__, static_folder=None)
    views = {ALONE: answer, COMMITS: commit, READS: read, COUNTS: count, BOTH: count_and_read}
    for path, view in views.items():
        app.add_url_rule(path, view_func=view, methods=["POST"])
    app.at_once = lambda environ, start: app(environ, start) if environ["PATH_INFO"] == ALONE else None  # type: ignore[attr-defined]
    return app


def answer() -> str:
    """Read what a gateway sends and return a constant answer."""
    _ = request.form["sessionId"], request.form["phoneNumber"], request.form["text"]
    return ANSWER


def commit() -> str:
    """Do the same, and commit a row."""
    with _database() as db:
        db.execute("insert into hop values (?, ?)", (request.form["sessionId"], request.form["text"]))
    return answer()


def read() -> str:
    """Do the same, and read a row."""
    _database().execute("select keys from hop where session = ?", (request.form["sessionId"],)).fetchone()
    return answer()


def count() -> str:
    """Do the same, after counting a try of this telephone in Valkey."""
    if not hasattr(own, "redis"):
        own.redis = Redis.from_url(os.environ[VALKEY])
    own.redis.incr(request.form["phoneNumber"])
    return answer()


def count_and_read() -> str:
    """Do the same, and read a row."""
    count()
    return read()


def _database() -> sqlite3.Connection:
    """Return this thread's connection, as durable as ours."""
    if not hasattr(own, "db"):
        own.db = sqlite3.connect(Path(os.environ[FOLDER]) / "bare.sqlite3", timeout=10)
        own.db.execute("pragma journal_mode=wal")
        own.db.execute("pragma synchronous=full")
        own.db.execute("create table if not exists hop (session text, keys text)")
        own.db.execute("create index if not exists by_session on hop (session)")
    return own.db  # type: ignore[no-any-return]  # a thread's own attributes have no types
