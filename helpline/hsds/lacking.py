"""For whom could this service be there? One that could be there for nobody is a mistake in the tables."""

from collections.abc import Iterator, Sequence

from helpline.directory import Service
from helpline.hsds.ground import Ground
from helpline.hsds.tables import Flaw, Row
from helpline.hsds.telephones import IN_TEXTS
from helpline.local import LONGEST_NAME


def lacking(row: Row, service: Service, telephones: int, areas: Sequence[Row]) -> Iterator[Flaw]:
    """Say what an active service lacks without which it serves nobody."""
    for lacks, what in (
        (not service.kind, "nobody knows who runs it: give it an attribute kind:ngo, kind:state or kind:police"),
        (not service.needs, "it helps with nothing: give it an attribute need:…"),
        (not service.languages, "nobody there speaks a language: give it a row in language"),
        (all(line.closed for line in service.schedule), "it is never open: give it a row in schedule"),
        (service.callback and not telephones, f"no telephone gets our texts: give it one of type {IN_TEXTS}"),
        (not service.callback and not service.public_phone, "it calls nobody back, and nobody can ring it"),
        (not areas, "it serves no place: give it a row in service_area"),
    ):
        if lacks:
            yield row.flaw("", f"{row.id} serves nobody: {what}")


def unnamed(row: Row, service: Service, ground: Ground) -> Iterator[Flaw]:
    """Say in which languages of the country it has no name that fits into texts."""
    for base in ground.bases:
        name = service.names.get(base, "")
        units = len(name.encode("utf-16-le")) // 2
        if not name:
            yield row.flaw("", f"it has no short name in {base}: give it an attribute short_name:{base}")
        elif units > LONGEST_NAME or not name.isprintable():
            yield row.flaw("", f"its short_name:{base} has {units} units; {LONGEST_NAME} at most, in one line")
