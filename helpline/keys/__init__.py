"""The keys of a deployment, and what each can do: seal, open, hash, sign. `core.process_keys` says who holds which.

Start with `keyring.for_role` (one process's keys), `sealing` (phone numbers), `row_seal` (genuine rows)
and `sealed_file` (backups).
It must not import any other package of `helpline` than `core`.
"""
