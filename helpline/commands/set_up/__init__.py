"""`komek setup`: from nothing to the files of settings and keys that the processes of a server need.

Entry point: `asking.setup_command`. `settings_folder` reads and writes the files, `probes` tries each answer against
the real thing, and `final_list` says what is missing. Nothing but `helpline.cli` may import it.
"""
