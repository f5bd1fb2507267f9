"""Checkers for users' environments, vectors and wrappers: all faults in one report.

Each fault has a path such as ``reset().obs["camera"]``, what was expected there, what was found,
and a remedy.
"""

from dromos.checks.promise import Fault
from dromos.testing.checkers import (
    check_env,
    check_vector_env,
    check_wrapper,
    report_on_env,
    report_on_vector_env,
    report_on_wrapper,
)
from dromos.testing.comparison import data_equivalence
from dromos.testing.env_match import check_environments_match
from dromos.testing.report import CheckFailed, Report

__all__ = [
    "CheckFailed",
    "Fault",
    "Report",
    "check_env",
    "check_environments_match",
    "check_vector_env",
    "check_wrapper",
    "data_equivalence",
    "report_on_env",
    "report_on_vector_env",
    "report_on_wrapper",
]
