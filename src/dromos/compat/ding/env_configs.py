"""The configurations of a run's environments, one for each."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

__all__ = ["create_collector_env_cfg", "create_evaluator_env_cfg"]


def create_collector_env_cfg(cfg: Mapping[str, Any]) -> list[Any]:
    """Return the configurations of the ``cfg["collector_env_num"]`` environments of training.

    Each is a copy of its own, without that entry and with ``is_train`` True; `cfg` stays as it is.
    """
    return _copies(cfg, "collector_env_num", is_train=True)


def create_evaluator_env_cfg(cfg: Mapping[str, Any]) -> list[Any]:
    """Return the configurations of the ``cfg["evaluator_env_num"]`` environments of evaluation.

    Each is a copy of its own, without that entry and with ``is_train`` False; `cfg` stays as it is.
    """
    return _copies(cfg, "evaluator_env_num", is_train=False)


def _copies(cfg: Mapping[str, Any], count: str, *, is_train: bool) -> list[Any]:
    if count not in cfg:
        raise KeyError(f"The configuration needs the entry {count!r}, found {sorted(cfg)}")
    copies: list[Any] = []
    for _ in range(cfg[count]):
        own: Any = copy.deepcopy(cfg)  # also of a class of dicts that has attributes
        del own[count]
        own["is_train"] = is_train
        copies.append(own)
    return copies
