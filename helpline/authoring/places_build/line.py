"""One place while it is put together, and the line that it becomes."""

import json
import math
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One place while it is put together."""

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
        """The two letters that its code begins with."""
        return self.id[:2]

    def written(self) -> str:
        """Give the line of the file."""
        shown = {
            "id": self.id, "kind": self.kind, "region": self.region, "district": self.district,
            "at": [round(degrees, 2) for degrees in self.at] if self.at else None, "people": rounded(self.people),
            "names": self.names, "also": self.also,
        }  # fmt: skip
        return json.dumps({name: value for name, value in shown.items() if value is not None}, ensure_ascii=False)


def rounded(people: int) -> int:
    """Keep two digits: the order is what counts, and a newer estimate need not be a new line."""
    return round(people, 1 - int(math.log10(people))) if people >= 100 else 0
