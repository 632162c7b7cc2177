"""A request on its way without anybody at a keyboard: attend, offer, time out, wait, escalate, end.

Front doors: `referral.Referral`, `attend`, `ending`. It imports `matching` and what is below; nobody is shown a
number here.
"""
