"""The directory at the console: services, editing, telephones."""
