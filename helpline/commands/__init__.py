"""The commands of `komek`, in folders by task: translating, menus, running the service, people.

Entry point: `helpline.cli.komek`. A command may import any package of `helpline`; nothing imports a command except
`cli`. Slow libraries (SQLAlchemy, ReportLab) are imported inside the functions, so that `komek --help` stays fast.
"""
