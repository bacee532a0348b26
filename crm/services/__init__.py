"""Every write of the ground floor, one topic a module."""
