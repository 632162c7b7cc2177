"""The pages of a service about its cases: the list, one case, live updates, who is on duty."""
