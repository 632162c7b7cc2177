"""The record that all packages share: the engine, the tables, the outbox, texts in and out, and the audit log.

Front doors: `engine.Database` (transactions), `outbox` (what is due) and `schema` (all tables). It imports `core` and
`keys`. It must not import any other package of `helpline`: it knows no rule of the domain. SQL statements are in this
package and in modules with a plural name, which are one table each.
"""
