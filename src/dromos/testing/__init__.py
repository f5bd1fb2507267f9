"""Checkers for users' environments, vectors and wrappers: all faults in one report.

Each fault has a path such as ``reset().obs["camera"]``, what was expected there, what was found,
and a remedy.
"""

from dromos.checks.message import Fault
from dromos.testing.comparison import data_equivalence
from dromos.testing.env_checker import check_env, report_on_env
from dromos.testing.report import CheckFailed, Report

__all__ = ["CheckFailed", "Fault", "Report", "check_env", "data_equivalence", "report_on_env"]
