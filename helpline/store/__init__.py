"""The record that all packages share: the engine, the tables, the outbox, texts in and out, and the audit log.

Entry points: `engine.Database` (transactions), `outbox` (due work) and `schema` (all tables). It imports `core`, `keys`
and `menus`. It must not import any other package of `helpline`: it knows no rule of the domain. SQL statements are in
this package and in the modules that the contract *sql* lists, whose names are plural.
"""
