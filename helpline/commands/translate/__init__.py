"""Commands of translators."""
