"""The directory as data of others: HSDS 3.0, the Human Services Data Specification of Open Referral.

Rows are read, checked and made into what matching needs (`helpline.directory.service`); each is also kept as it came,
so that an export gives back what was imported. Pure: no SQL, no HTTP. What we add to the standard is in `profile.py`;
for people: docs/directory.md.
"""
