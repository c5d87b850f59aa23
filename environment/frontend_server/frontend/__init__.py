"""The Django project of the web pages: settings, addresses, and the way to the simulation backend."""
