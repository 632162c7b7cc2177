"""The rules of safety (docs/rules.md): a test for each, and the table that lists which test proves which rule."""
