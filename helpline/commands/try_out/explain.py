"""`komek explain`: which services would be asked about a request now, in which order, and why not the others."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import click

from helpline.commands.operate.deployment import ready_database
from helpline.content import loading
from helpline.content.country import Country
from helpline.core import clock
from helpline.core.config import Config
from helpline.directory import services as service_rows
from helpline.matching import ranking
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import km
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest


def lines_about(config: Config, id: str) -> Iterator[str]:
    """Yield the lines about a request, without phone numbers. Raise `ClickException` if there is no such request."""
    db = ready_database(config)
    country, now = loading.load(config).matching, clock.clock_of(config.demo, config.data)()
    with db.read() as tx:
        request = requests.get(tx, id)
        services, asked = service_rows.services(tx, country.code), offers.asked(tx, id)
    db.dispose()
    if request is None:
        raise click.ClickException(f"no request has this id here ({config.country}); the log and the console show ids")
    verdicts = ranking.explain(services, Criteria(request, country, now, config.fresh_days))
    yield from verdict_lines(verdicts, request, country, asked)


def verdict_lines(
    verdicts: list[ranking.Verdict], request: CallbackRequest, country: Country, asked: frozenset[str]
) -> Iterator[str]:
    """Yield eligible services, numbered in the order of offers, then the others with all reasons against."""
    here, zone = country.point_of(request.place or country.capital), ZoneInfo(country.zone)
    fitting = [verdict for verdict in verdicts if not verdict.against]
    yield f"{len(fitting)} of {len(verdicts)} services are eligible; the request is {request.state.value}"
    for number, each in enumerate(fitting, 1):
        hours = "{day} {from} to {to}".format(**each.hours.local_texts(zone)) if each.hours else ""
        before = "; already asked" if each.service.id in asked else ""
        late = f"; after the others, because {' and '.join(each.later)}" if each.later else ""
        yield f"{number:3}. {each.service.id}: {km(here, each.service.at):.0f} km, could call {hours}{before}{late}"
    for each in verdicts[len(fitting) :]:
        yield f"  no {each.service.id}: {'; '.join(each.against)}"
