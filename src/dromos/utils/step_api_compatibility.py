"""Public path of `dromos.step_api`."""

from dromos.step_api import (
    DoneStepType,
    TerminatedTruncatedStepType,
    convert_to_done_step_api,
    convert_to_terminated_truncated_step_api,
    step_api_compatibility,
)

__all__ = [
    "DoneStepType",
    "TerminatedTruncatedStepType",
    "convert_to_done_step_api",
    "convert_to_terminated_truncated_step_api",
    "step_api_compatibility",
]
