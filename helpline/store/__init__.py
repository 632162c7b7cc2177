"""The store: every SQL statement of Komek, one module an aggregate, the same on SQLite and PostgreSQL."""
