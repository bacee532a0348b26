"""The API door of the promise floor."""
