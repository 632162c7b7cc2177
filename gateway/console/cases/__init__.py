"""The pages of a service about its cases: the list, one case, live updates, who is on duty.

Entry points: `list_and_case`, `live` and `on_duty` register their pages, and `case_context` is what other pages use,
too. These pages show only cases of the person's own service. They run the commands of `helpline.casework` and show
what these answer.
"""
