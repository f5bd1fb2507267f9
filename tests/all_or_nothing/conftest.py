"""The tests of this folder share tables and small environments with those of wrappers."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
OTHERS = ("wrappers_specs", "wrappers_rules", "compat_dialects", "promises")
sys.path += [str(TESTS / name) for name in OTHERS]
