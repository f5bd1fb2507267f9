"""The tests of this folder share the small environments of the wrappers' tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "wrappers_rules"))
