"""The pages of coordinators: open requests, on duty tonight, the harm register, drills, the number access lock.

Entry points: `open_requests.OpenRequestPages`, `one_request.ReassignPages`, and the `add_endpoints` of `harm` and
`raid_lock`. No page here may show a caller's number or free text.
"""
