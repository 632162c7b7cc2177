"""The directory in the form of HSDS 3.0, the Human Services Data Specification of Open Referral. Pure: no SQL, no HTTP.

Rows are read (`files.read`), checked and made into services (`made.make`). Each row is also stored as it came, so an
export gives back what was imported. `profile` holds what we add to the standard; for people: docs/directory.md.
"""
