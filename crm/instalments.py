"""How many instalments make a year's premium, by how a policy is paid; a single premium has none."""

A_YEAR = {"annual": 1, "half_yearly": 2, "quarterly": 4, "monthly": 12}
