"""Who works with Komek: roles, genuine telephones, on-call order, approvals by two people, the raid lock.

Entry points: `roles` (who may do what, pure), `people` (accounts), `contacts` (telephones), `on_call` and `raid_lock`.
It imports `core`, `keys`, `content` and `store`. It must not import `accounts`, `directory`, `request` or any package
above them: it holds ids of services, and knows nothing else about them or of requests.
"""
