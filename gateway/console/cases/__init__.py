"""The pages of a service about its cases: the list, one case, handing over, live updates, who is on duty.

Entry points: `case_list`, `one_case`, `hand_over`, `shift`, `live` and `on_duty` register their pages. Other pages use
`case_context`.
These pages show only cases of the person's own service. They run the commands of `helpline.casework` and show what
these answer.
"""
