"""What is looked at: lists of open requests, tonight, history, figures, reports, exports.

Front doors: `open_requests`, `desk_list`, `published`, `exports`. It reads, and changes no request.
"""
