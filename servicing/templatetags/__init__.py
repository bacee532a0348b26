"""Template tags of the promise floor."""
