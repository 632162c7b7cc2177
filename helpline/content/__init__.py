"""Load and check `content/`: menus, countries, languages, places, translations and review marks.

Start with `loading.load` (one country in its complete languages), `sources.read_sources` (what all countries share)
and `console_texts.read`.
It must not import any other package of `helpline` than `core`, and it knows no database table.
"""
