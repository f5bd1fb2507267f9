"""Public path of `dromos.testing.env_match`."""

from dromos.testing.env_match import check_environments_match

__all__ = ["check_environments_match"]
