"""All that services and coordinators do, by SMS or at the console: claim, outcome, hand over, freeze, reassign, notes.

Front doors: `claims`, `outcomes`, `sms_orders`, `console_actions`. It imports `referral`, `reveal` and what is below.
"""
