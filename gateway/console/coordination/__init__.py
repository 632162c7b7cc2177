"""The pages of coordinators: open requests, on duty tonight, the harm register, drills, the number access lock.

Entry point: the `add_endpoints` of each module. No page here may show a caller's number or free text.
"""
