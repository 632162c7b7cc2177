"""A contact: the work telephone of a service or a coordinator. An actor: who gives a command. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.core.languages import base_of
from helpline.staff.roles import Person


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


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work, as commands need to know them. It has no telephone number."""

    id: str
    """The id of the contact or of the account. The audit log and the history of a request name it."""
    is_coordinator: bool
    """Whether they coordinate, and belong to no service."""
    desk: str
    """The id that offers are made to: a service, or the contact of a coordinator."""
    language: str
    names: Mapping[str, str]
    """What others read: the name of the contact, or of the account's service."""
    accepts_numbers: bool
    """Whether a number may reach them the way they came. By SMS only if their service has accepted that in writing."""

    @classmethod
    def by_sms(cls, contact: Contact) -> "Actor":
        """Return who writes from a telephone of the directory."""
        coordinates, by_sms = contact.kind == "coordinator", contact.accepts_numbers_by_sms
        return cls(contact.id, coordinates, contact.desk, contact.language, contact.names, by_sms)

    @classmethod
    def at_console(cls, person: Person, service: Contact | None) -> "Actor":
        """Return who works for a service at the console. `service` is the contact of the service."""
        names = service.names if service else {"en": person.service}
        return cls(person.id, False, person.service, person.language, names, accepts_numbers=True)

    def name(self, language: str) -> str:
        """Return their name in a language, else in their own."""
        return name_in(self.names, language, self.language)


def name_in(names: Mapping[str, str], language: str, otherwise: str) -> str:
    """Return a name in a language, else in another one, else in any."""
    return names.get(base_of(language)) or names.get(otherwise) or next(iter(names.values()))
