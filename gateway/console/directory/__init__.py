"""The directory's pages: services, editing a service, telephones."""
