"""The made-up directory of the demo and the tests, read from `content/directory/sample.yaml`."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from helpline.directory.opening_hours import Opening
from helpline.directory.service import Service
from helpline.staff.contact import Contact

EITHER = ("woman", "man")
"""Who can answer at a service whose row does not say so."""


def sample(country: str, zone: str, today: date, root: Path = ROOT) -> tuple[list[Service], list[Contact]]:
    """Return the made-up services of a country, and its coordinators and second telephones.

    A service was last checked so many days before `today` as its row says.
    """
    listed = read_yaml(root / "directory" / "sample.yaml").get(country, {"services": [], "coordinators": []})
    services = [_service(row, zone, today) for row in listed["services"]]
    seconds = [_second(row) for row in listed["services"] if row.get("second_phone")]
    people = [
        Contact(row["id"], "coordinator", row["phone"], row["names"], row["language"], False)
        for row in listed["coordinators"]
    ]
    return services, people + seconds


def _service(row: Mapping[str, Any], zone: str, today: date) -> Service:
    return Service(
        id=row["id"], names=row["names"], kind="ngo", phone=row["phone"], languages=tuple(row["languages"]),
        needs=frozenset(row["needs"]), regions=frozenset(row["regions"]), at=(float(row["at"][0]), float(row["at"][1])),
        zone=zone, schedule=tuple(_opening(line) for line in row["schedule"]),
        assured=today - timedelta(days=int(row["checked_days_ago"])), language=row["language"],
        child_safeguarding=row["child_safeguarding"] == "true",
        accepts_numbers_by_sms=row["accepts_numbers_by_sms"] == "true", abroad=frozenset(row.get("abroad", ())),
        sexes=frozenset(row.get("sexes", EITHER)), shows=row.get("shows", "number"),
        public_phone=row.get("public_phone") or "", callback=row.get("calls_back", "true") == "true",
    )  # fmt: skip


def _second(row: Mapping[str, Any]) -> Contact:
    """Make the second telephone of a service. It is not on duty."""
    names = {language: f"{name} 2" for language, name in row["names"].items()}
    accepts = row["accepts_numbers_by_sms"] == "true"
    return Contact(
        f"{row['id']}-2", "service", row["second_phone"], names, row["language"], accepts, row["id"], on_duty=False
    )


def _opening(line: Mapping[str, Any]) -> Opening:
    return Opening(frozenset(line["days"]), time.fromisoformat(line["opens"]), time.fromisoformat(line["closes"]))
