"""Environments of Gym up to 0.21 that have gone since, or whose rules have changed.

They have the interface of their time, draw from its `numpy.random.RandomState`, and give the
episodes they gave then for the same seeds.
"""
