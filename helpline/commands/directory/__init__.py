"""`komek directory`: the commands about the directory of services.

Entry point: `directory.directory`. Nothing but `helpline.cli` and other commands may import it.
"""
