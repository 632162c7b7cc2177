"""The pages of a service about its cases: the list, one case, live updates, who is on duty.

Entry points: `list_and_case.CasePages`, `on_duty.DutyPages`, and `case_context`, which other pages use, too. These
pages show only cases of the person's own service, and import no other page.
"""
