"""Tools of translators and authors, and the build of the list of places. No service needs them while it runs.

Front doors: `merge`, `room`, `safe_wording`, `places_build`. It imports `core` and `content`.
"""
