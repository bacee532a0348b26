"""The shapes of what the rank floor is told."""
