"""`komek people`: the commands about accounts of the console, and the accounts of the demo.

Entry points: `manage_people.people`, `demo_people.lines`. Nothing but `helpline.cli` and other commands may import it.
"""
