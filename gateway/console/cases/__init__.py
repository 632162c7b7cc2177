"""The cases of a service: its list, one case, what is live, who is on duty."""
