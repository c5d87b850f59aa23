"""Everything that stands in rooms, gardens and streets, and the catalogue that finds its drawing by a name."""
