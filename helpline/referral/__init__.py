"""What happens to a request by itself: attend, offer, time out, wait for a desk, escalate, end.

Entry points: `attend.attend`, `ending`, and `context.Context`, which every step gets. It imports nothing of `caller`,
`reveal` or `casework`: no number is shown here.
"""
