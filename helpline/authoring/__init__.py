"""Tools for translators and authors, and the build of the list of places. The running service does not need them.

Start with `merge.merge` (update a translation), `room.rooms` (how long a text may be), `safe_wording` (checks of texts
to callers) and `places_build.build`.
It must not import any other package of `helpline` than `core` and `content`.
"""
