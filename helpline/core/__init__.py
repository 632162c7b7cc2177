"""Values and infrastructure that all packages share: settings, log, clock, phone numbers, call windows, job queue.

Start with `config.Config`, `phone_numbers.Msisdn` and `call_windows.open_window`. `ports` holds the values and
protocols between the domain and the gateways.
It must not import any other package of `helpline` (only `menus`), and it knows no database table.
"""
