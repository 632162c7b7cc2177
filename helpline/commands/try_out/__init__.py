"""`komek dial` and `komek explain`: the commands to try the service out.

Entry points: `dial.call`, `explain.lines_about`. Nothing but `helpline.cli` and other commands may import it.
"""
