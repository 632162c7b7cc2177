"""Loads `content/`: menus, countries, languages, places, translations and review marks, each checked as it is read.

Front doors: `loading.load`, `sources`. It imports `core`; it knows no table.
"""
