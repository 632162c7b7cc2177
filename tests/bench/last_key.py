"""The public web with a channel of Africa's Talking and one that sends the last key only. It is served as our web is."""

import os
from dataclasses import replace
from pathlib import Path

from flask import Flask
from pydantic import SecretStr

from gateway.app import create_public
from helpline.caller.calls_in_progress import CallsInProgress
from helpline.caller.day_store import DayStore
from helpline.core.channels_file import ChannelSettings
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.world import World

SECRET = "a-secret-only-for-a-bench"
FOLDER, VALKEY = "BENCH_FOLDER", "BENCH_VALKEY"
PATHS = {"africastalking": f"/in/africastalking/{SECRET}/ussd", "emulator": f"/in/emulator/{SECRET}/ussd"}
"""The addresses of hops: all keys each time, and the last key only."""


def both() -> Flask:
    """Return the app to serve, with a database in `FOLDER` and the Valkey of `VALKEY`."""
    db = connect(f"sqlite:///{Path(os.environ[FOLDER]) / 'last_key.sqlite3'}")
    upgrade(db)
    world = World.on(db)
    world.public.begun.look(world.public.ctx)
    public = replace(world.public, calls=CallsInProgress(world.public.ctx.words, DayStore(os.environ[VALKEY])))
    secrets = {"webhook_secret": SecretStr(SECRET)}
    channels = [ChannelSettings(name=name, kind=name, secrets=secrets) for name in PATHS]
    config = world.config.model_copy(update={"redis_url": os.environ[VALKEY]})
    return create_public(public, config, list, content="", emergency=public.emergency(), channels=channels)
