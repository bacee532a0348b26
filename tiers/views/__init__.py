"""The doors of the rank floor."""
