"""Checks that watch an environment at work: they warn or raise, and change no data.

`dromos.utils.passive_env_checker` is the public path.
"""

from dromos.checks.calls import (
    check_reset_return,
    check_reset_signature,
    check_step_return,
    env_reset_passive_checker,
    env_step_passive_checker,
)
from dromos.checks.observation import check_obs
from dromos.checks.rendering import (
    check_render_metadata,
    check_render_return,
    env_render_passive_checker,
)
from dromos.checks.reuse import data_shares_objects, env_data_reuse_passive_checker
from dromos.checks.space import (
    check_action_space,
    check_observation_space,
    check_space,
    check_space_limit,
)

__all__ = [
    "check_action_space",
    "check_obs",
    "check_observation_space",
    "check_render_metadata",
    "check_render_return",
    "check_reset_return",
    "check_reset_signature",
    "check_space",
    "check_space_limit",
    "check_step_return",
    "data_shares_objects",
    "env_data_reuse_passive_checker",
    "env_render_passive_checker",
    "env_reset_passive_checker",
    "env_step_passive_checker",
]
