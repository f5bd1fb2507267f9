"""Lanes in the actors of a Ray cluster: groups of lanes, and the vector over them."""
