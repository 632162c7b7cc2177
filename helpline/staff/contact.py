"""A contact: the work telephone of a service or a coordinator. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.core.languages import base_of


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone of somebody at work, to which we may send texts: of a service or a coordinator."""

    id: str
    kind: str
    """`service` or `coordinator`."""
    phone: str
    names: Mapping[str, str]
    language: str
    accepts_numbers_by_sms: bool
    service: str = ""
    """The service whose telephone this is; empty for a coordinator."""
    on_duty: bool = True

    @property
    def desk(self) -> str:
        """The id that offers are made to: the service of this telephone, or the coordinator."""
        return self.service or self.id

    def name(self, language: str) -> str:
        """Return the name in a language, else in its own."""
        return name_in(self.names, language, self.language)


def name_in(names: Mapping[str, str], language: str, otherwise: str) -> str:
    """Return a name in a language, else in another one, else in any."""
    return names.get(base_of(language)) or names.get(otherwise) or next(iter(names.values()))
