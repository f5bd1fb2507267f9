"""A package for an environment of one's own, written to start from: ``dromos new``."""

from dromos.scaffold.names import Names
from dromos.scaffold.package import write_package

__all__ = ["Names", "write_package"]
