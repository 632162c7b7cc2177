"""Show what happens: worklists, one request's history, who is on duty tonight, published figures, exports.

Start reading at `desk_list.held` (the list of a service), `most_urgent_first.page` (the list of a coordinator),
`published.months` (figures that may be published) and `exports.Exports` (exported files).

This package changes no request. It must not import `casework`, `reveal`, `messaging`, `operations` or `commands`.
"""
