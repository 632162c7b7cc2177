"""Who works with Komek: roles, the telephones that count, who is on call, what takes two people, the raid lock.

Front doors: `roles`, `people`, `contacts`, `raid_lock`. It imports `core`, `keys`, `content` and `store`.
"""
