"""Who gives a command: a telephone of the directory by SMS, or an account at the console. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.staff.contact import Contact, name_in
from helpline.staff.roles import Person


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work, as commands need to know them. It has no telephone number."""

    id: str
    """The id of the contact or of the account. The audit log and the history of a request name it."""
    kind: str
    """`service` or `coordinator`."""
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
        return cls(
            contact.id, contact.kind, contact.desk, contact.language, contact.names, contact.accepts_numbers_by_sms
        )

    @classmethod
    def at_console(cls, person: Person, service: Contact | None) -> "Actor":
        """Return who works for a service at the console. `service` is the contact of the service."""
        names = service.names if service else {"en": person.service}
        return cls(person.id, "service", person.service, person.language, names, accepts_numbers=True)

    @property
    def is_coordinator(self) -> bool:
        """Whether they coordinate, and belong to no service."""
        return self.kind == "coordinator"

    def name(self, language: str) -> str:
        """Return their name in a language, else in their own."""
        return name_in(self.names, language, self.language)
