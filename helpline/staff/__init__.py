"""Who works with Komek: roles, contacts whose code is genuine, on-call order, approvals by two people, the raid lock.

Entry points: `roles` (who may do what, pure), `people` (accounts), `contacts` (telephones), `on_call` and `raid_lock`.
It imports `core`, `keys`, `content` and `store`. It must not import `accounts`, `directory`, `request` or any package
above them: it knows of no service and no request.
"""
