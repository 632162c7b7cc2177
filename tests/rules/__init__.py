"""The rules of safety (docs/rules.md): a test for each, and the table that says which test keeps which."""
