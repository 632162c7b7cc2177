"""One place during the build, and its line in the file."""

import json
import math
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One place during the build."""

    id: str
    kind: str
    region: str
    at: tuple[float, float] | None = None
    people: int = 0
    district: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)

    @property
    def country(self) -> str:
        """The ISO 3166-1 code of the place's country."""
        return self.id[:2]

    def written(self) -> str:
        """Return the line for the file."""
        shown = {
            "id": self.id, "kind": self.kind, "region": self.region, "district": self.district,
            "at": [round(degrees, 2) for degrees in self.at] if self.at else None, "people": rounded(self.people),
            "names": self.names, "also": self.also,
        }  # fmt: skip
        return json.dumps({name: value for name, value in shown.items() if value is not None}, ensure_ascii=False)


def rounded(people: int) -> int:
    """Round to two digits. Only the order of places matters, and a new estimate should not always change the file."""
    return round(people, 1 - int(math.log10(people))) if people >= 100 else 0
