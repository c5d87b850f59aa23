"""The pages of the town: they look at simulations and never drive one."""
