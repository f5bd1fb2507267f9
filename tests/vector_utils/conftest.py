"""The spaces of the tests of `dromos.spaces` serve here, too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "spaces"))
