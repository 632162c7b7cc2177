"""Where a service is and whom it serves: HSDS `service_area.uri` and the points of its locations."""

from collections.abc import Sequence

from helpline.country import CountryData
from helpline.hsds.checks import number_of
from helpline.hsds.ground import Ground
from helpline.hsds.reading import near
from helpline.hsds.tables import Flaw, Row, Tables


def areas(rows: Sequence[Row], ground: Ground, flaws: list[Flaw]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the places at home, none for the whole country, and the countries abroad.

    One that serves people abroad only has these in place of places at home, where nobody can be.
    """
    here, abroad, whole = set[str](), set[str](), False
    for area in rows:
        code = area.text("uri").replace("/", ":").rpartition(":")[2].upper()
        if code == ground.country.code:
            whole = True
        elif code in ground.abroad:
            abroad.add(code)
        elif code in ground.regions or code in ground.places:
            here |= {code, *ground.places.get(code, ())}
        else:
            flaws.append(_unknown(area, code, ground))
    return frozenset() if whole else frozenset(here or abroad), frozenset(abroad)


def _unknown(area: Row, code: str, ground: Ground) -> Flaw:
    known = [*ground.regions, *ground.abroad, *ground.places]
    what = f"{code!r} is no place that is known{near(code, known)}" if code else "it is missing"
    here = ground.country
    return area.flaw("uri", f"{what}; write {here.code}, a region as {here.capital}, or a country abroad")


def point(service: Row, regions: frozenset[str], tables: Tables, country: CountryData) -> tuple[float, float]:
    """Give where a service is: a location's point, else the first region that it serves, else the capital."""
    for there in tables.linked("service_at_location", "service_id", service.id):
        location = tables.get("location", there.text("location_id"))
        found = [number_of(location.text(name)) for name in ("latitude", "longitude")] if location else []
        if found and found[0] is not None and found[1] is not None:
            return found[0], found[1]
    points = {each.code: each.at for each in country.regions}
    return next((points[code] for code in sorted(regions) if code in points), points.get(country.capital, (0.0, 0.0)))
