"""Public path of the checks of environments in `dromos.testing`."""

from dromos.checks import check_space_limit
from dromos.testing.checkers import check_env
from dromos.testing.comparison import data_equivalence
from dromos.testing.environment import (
    check_reset_options,
    check_reset_return_info_deprecation,
    check_reset_return_type,
    check_reset_seed_determinism,
    check_seed_deprecation,
)
from dromos.testing.steps import check_returned_data_not_reused, check_step_determinism

__all__ = [
    "check_env",
    "check_reset_options",
    "check_reset_return_info_deprecation",
    "check_reset_return_type",
    "check_reset_seed_determinism",
    "check_returned_data_not_reused",
    "check_seed_deprecation",
    "check_space_limit",
    "check_step_determinism",
    "data_equivalence",
]
