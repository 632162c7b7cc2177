"""`komek bench places`: the cost of searching a typed place name, and of loading the places of a country.

The measure is processor time of this process, the minimum of several rounds; memory is what Python allocated. The unit
of a query is one pass of `json.dumps` over a small document, so that figures of two machines can be compared.
"""

import argparse
import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from random import Random

from helpline.authoring.places_build.publishers import COUNTRIES
from helpline.content.gazetteer import FILE, Place, Places, indices, read
from helpline.content.sources import ROOT, load_country
from tests.bench.bars import far_beyond

SEED = 24
QUERIES = 300
BAR_QUERY_MS, BAR_READ_MS, BAR_MB = 2.0, 15.0, 15.0
UNIT = {"a": list(range(50)), "b": {"c": ["text"] * 20}}


def least_ms(work: Callable[[], object], rounds: int) -> float:
    """Return the minimum processor time of several rounds, in milliseconds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken) * 1000


def queries(known: dict[str, Place]) -> list[str]:
    """Return names, beginnings of names, and names with a letter missing. The last kind searches through everything."""
    chance = Random(SEED)
    names = chance.choices(sorted({name for place in known.values() for name in place.names.values()}), k=QUERIES)
    cut = [chance.randrange(1, max(len(name) - 1, 2)) for name in names]
    return [
        (name, name[:at], name[:at] + name[at + 1 :])[n % 3]
        for n, (name, at) in enumerate(zip(names, cut, strict=True))
    ]


def measure(country: str, rounds: int) -> dict[str, float]:
    """Measure one country."""
    there = load_country(ROOT, country)
    names = {region.code: region.name for region in there.regions}
    known = {place.id: place for place in read(ROOT / FILE, country, names)}
    tracemalloc.start()
    places = Places.load(ROOT, country, names, there.languages)
    memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    typed = queries(known)
    language = there.languages[0]
    every = least_ms(lambda: [places.search(each, language) for each in typed], rounds) / len(typed)
    unit = least_ms(lambda: [json.dumps(UNIT) for _ in range(100)], rounds) / 100
    return {
        "places": len(known),
        "read_ms": least_ms(lambda: list(read(ROOT / FILE, country, names)), rounds),
        "index_ms": least_ms(lambda: indices(known, there.languages), rounds),
        "query_ms": every,
        "units": every / unit,
        "mb": memory,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every country and print a table. Return 1 if a bar is missed by far."""
    parser = argparse.ArgumentParser(prog="komek bench places", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args(arguments).rounds
    missed, failed = 0, False
    print("country  places  read ms  index ms  query ms  in units    MB")
    for country in COUNTRIES:
        figures = measure(country, rounds)
        print(
            f"{country:7}  {figures['places']:6.0f}  {figures['read_ms']:7.1f}  {figures['index_ms']:8.1f}"
            f"  {figures['query_ms']:8.2f}  {figures['units']:8.1f}  {figures['mb']:4.1f}"
        )
        of = (figures["read_ms"], BAR_READ_MS), (figures["query_ms"], BAR_QUERY_MS), (figures["mb"], BAR_MB)
        missed += sum(value > bar for value, bar in of)
        failed |= far_beyond(*of)
    print(f"bars: read {BAR_READ_MS:.0f} ms, query {BAR_QUERY_MS:.0f} ms, {BAR_MB:.0f} MB; {missed} missed")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
