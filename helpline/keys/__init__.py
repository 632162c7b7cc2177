"""The keys of a deployment: which process receives which key, and what each key is used for.

Start with `keyring.for_role` (one process's keys), `sealing` (phone numbers and codes), `row_seal` (genuine rows)
and `sealed_file` (backups).
It must not import any other package of `helpline` than `core`.
"""
