"""Services that can help, as HSDS describes them: import, edit, opening hours, check calls, telephones to come.

Front doors: `service.Service`, `services`, `importing`. It imports `core`, `content`, `store` and `staff`; it knows of
no request.
"""
