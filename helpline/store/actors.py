"""Who did something, in words: rows keep an id, people want a name."""

from sqlalchemy.engine import Connection

from helpline.store import contacts, people


def named(tx: Connection, by: str, language: str) -> str:
    """Name whoever did something: the account, the telephone, or the name as it was typed at the command line."""
    account = people.get(tx, by)
    if account:
        return account.name
    phone = contacts.get(tx, by)
    return phone.name(language) if phone else by
