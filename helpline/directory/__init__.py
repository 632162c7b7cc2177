"""The directory of services, as HSDS 3.0: import, edits at the console, opening hours, check calls, new telephones.

Entry points: `service.Service` (what matching reads), `services` (its table), `importing.Importer` and `editing.Edits`.
It imports `core`, `content`, `store`, `staff` and `menus`. It must not import `request`, `matching` or any package
above them: it knows of no request.
"""
