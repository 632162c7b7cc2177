"""`komek log-events`: what each event of the log means. It makes docs/log-events.md."""

from collections.abc import Iterator

import click

from helpline.core.log_events import EVENTS

A_JOB_FAILED = "the job met an unexpected error. Its rows are still due, and the clock wakes it again"
"""What the name of a job with `_failed` means."""
HEAD = """\
# All events of the log

Made by `komek log-events` from `helpline/core/log_events.py`; a test compares that with the code. What to do about
the ten most important: [runbook.md](runbook.md).

Each process writes its log to the standard error, one line of JSON for each event: `at` (UTC), `level`, `event`, and
the fields below. `error` is the class of an error and `raised` its place in the code. An `info` is for counting, a
`warning` healed by itself, and an `error` should wake somebody. Also watch `stranded` and `frozen`, which are `info`:
coordinators are told of them by text.

The log holds no number, text, code or word, not even a part of one. A value whose form is not known to be harmless
shows as `(hidden)`. A record of a library is `library`, with its template and without its values.
"""


@click.command("log-events")
@click.argument("name", default="")
def log_events_command(name: str) -> None:
    """Say what the event NAME of the log means and what to do. Without NAME, print docs/log-events.md."""
    if not name:
        click.echo(page(), nl=False)
        return
    found = next((events[name] for events in EVENTS.values() if name in events), None)
    if found is None:
        raise click.ClickException(f"the log has no event {name}; `komek log-events` lists all")
    click.echo(f"{name} ({found.level}; {found.fields or 'no fields'}): {found.what}")


def page() -> str:
    """Return the text of docs/log-events.md."""
    return "\n".join([HEAD, *(line for title in EVENTS for line in _section(title))])


def _section(title: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| event | level | fields | what it means and what to do |"
    yield "|---|---|---|---|"
    for name, each in EVENTS[title].items():
        yield f"| `{name}` | {each.level} | {each.fields} | {each.what} |"
    if title == [*EVENTS][-1]:
        yield f"| the name of a job with `_failed` | error | error, raised | {A_JOB_FAILED} |"
    yield ""
