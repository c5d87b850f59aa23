"""Research on a town: surveys of its people, reports, interventions, and studies that compare runs."""
