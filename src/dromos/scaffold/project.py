"""The files of a new package around its environment: templates with ``$names``."""

from __future__ import annotations

__all__ = ["ENVS", "PYPROJECT", "README", "REGISTRATION"]

PYPROJECT = """\
[build-system]
requires = ["setuptools>=70.1"]
build-backend = "setuptools.build_meta"

[project]
name = "$distribution"
version = "0.1.0"
description = "A reinforcement-learning environment: $env_id."
readme = "README.md"
requires-python = ">=3.10"
dependencies = ["dromos", "numpy"]

[project.optional-dependencies]
test = ["pytest"]

# Where $package is installed, make("$env_id") finds the environment without an import.
[project.entry-points."dromos.envs"]
$distribution = "$package"

[tool.setuptools.packages.find]
include = ["$package*"]

[tool.pytest.ini_options]
testpaths = ["tests"]
filterwarnings = ["error"]
"""

REGISTRATION = '''\
"""Registers the environments of this package."""

from dromos import register

register(
    id="$env_id",
    entry_point="$package.envs:$env_class",
    max_episode_steps=100,
)
'''

ENVS = '''\
"""The environments of this package."""

from $package.envs.$module import $env_class

__all__ = ["$env_class"]
'''

README = """\
# $distribution

The environment `$env_id`: a walk on a grid, to be replaced by a task of your own.

```console
$$ pip install -e ".[test]"     # in this folder
$$ pytest
```

```python
import dromos as gym

env = gym.make("$env_id", render_mode="ansi")
observation, info = env.reset(seed=1)
print(env.render())
observation, reward, terminated, truncated, info = env.step(env.action_space.sample())

envs = gym.make_vec("$env_id", num_envs=8)
```

| file | what to change there |
|---|---|
| `$package/envs/$module.py` | the task: spaces, `reset`, `step`, `render` |
| `$package/__init__.py` | ids, limits of steps, reward thresholds |
| `tests/test_$module.py` | what is to be true; `check_env` tells all faults at once |
| `pyproject.toml` | the version and what the package needs |

A change that makes old results incomparable is a new version: register it as `-v1` beside `-v0`.
"""
