"""The engine of the conversations: YAML menus in, screens out. Pure functions on frozen values.

Start with `parse.read` (YAML → tree), `render.print_book` (tree → pages), `converse.converse` (keys → screen) and
`keywords.Keywords` (an SMS → STOP, a request for a call, or an order). `proof.prove` checks a tree.
It must not import `helpline`, `gateway` or `workers`. It knows no database, clock or network.
"""
