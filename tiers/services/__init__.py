"""Every write of the rank floor, one topic a module."""
