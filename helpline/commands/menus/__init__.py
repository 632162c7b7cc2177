"""Commands of whoever writes the menus."""
