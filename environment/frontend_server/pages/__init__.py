"""The pages of the town: they show simulations and never run one."""
