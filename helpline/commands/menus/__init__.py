"""`komek check`, `graph`, `schema`, `places`, `export`: the commands for authors of the menus.

Entry points: `check_content.survey`, `authors`, `places`. Nothing but `helpline.cli` and other commands may import it.
"""
