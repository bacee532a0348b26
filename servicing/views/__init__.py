"""The doors of the promise floor: translate, one service call or a few reads, translate back."""
