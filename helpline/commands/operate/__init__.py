"""`komek up`, `doctor`, `backup`, `purge` and others: the commands for operators.

Entry points: `up.start`, `doctor.findings`, and `deployment.deployment`, which opens settings and database for a
command. Nothing but `helpline.cli` and other commands may import it.
"""
