"""`komek translate`: the commands for translators.

Entry point: `translate.translate`. Nothing but `helpline.cli` and other commands may import it.
"""
