"""Values and plumbing that every room shares: settings, log, clock, telephone numbers, hours to ring, the job queue.

Front doors: `config.Config`, `phone_numbers.Msisdn`, `ports`. It knows no table, and imports nothing from the other
rooms.
"""
