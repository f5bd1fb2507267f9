"""The files of a new package around an environment in C++: templates with ``$names``."""

from __future__ import annotations

__all__ = ["CMAKE", "ENVS", "PYPROJECT", "README", "REGISTRATION"]

PYPROJECT = """\
[build-system]
requires = ["scikit-build-core>=0.10", "dromos"]
build-backend = "scikit_build_core.build"

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

[tool.scikit-build]
minimum-version = "0.10"
cmake.version = ">=3.20"
build-dir = "build/{wheel_tag}"
wheel.packages = ["$package"]
wheel.py-api = "py3" # the library knows no Python: it serves every version

[tool.pytest.ini_options]
testpaths = ["tests"]
filterwarnings = ["error"]
"""

CMAKE = """\
cmake_minimum_required(VERSION 3.20)
project($library LANGUAGES CXX)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# The headers are those of the dromos that Python has, unless -Ddromos_DIR=... says otherwise.
if(NOT dromos_DIR)
  find_package(Python COMPONENTS Interpreter REQUIRED)
  execute_process(
    COMMAND $${Python_EXECUTABLE} -c "import dromos; print(dromos.get_cmake_dir())"
    OUTPUT_STRIP_TRAILING_WHITESPACE
    OUTPUT_VARIABLE dromos_DIR COMMAND_ERROR_IS_FATAL ANY)
endif()
find_package(dromos 0.1 CONFIG REQUIRED)

# What Python loads.
dromos_add_module(_dynamics cpp/module.cpp)
install(TARGETS _dynamics LIBRARY DESTINATION $package)

# A program that needs no Python.
if(NOT SKBUILD)
  add_executable(program cpp/program.cpp)
  target_link_libraries(program PRIVATE dromos::dromos)
endif()
"""

REGISTRATION = '''\
"""Loads the library of this package and registers its environment."""

from dromos import register
from dromos.native import load

load("$package._dynamics", register=False)
register(
    id="$env_id",
    entry_point="$package.envs:$env_class",
    vector_entry_point="$package.envs:$vector_class",
    max_episode_steps=200,
)
'''

ENVS = '''\
"""The environments of this package."""

from $package.envs.$module import $env_class, $vector_class

__all__ = ["$env_class", "$vector_class"]
'''

README = """\
# $distribution

The environment `$env_id`: a cart on a rail in the wind, to be replaced by a task of your own. Its
dynamics are C++, stepped by [dromos](https://pypi.org/project/dromos) like its own environments.

```console
$$ pip install scikit-build-core cmake ninja
$$ pip install --no-build-isolation ".[test]"     # in this folder; needs GCC 11 or clang 14
$$ pytest
```

`--no-build-isolation` takes the headers of the dromos that is installed, which is the one that will
load the library. Build anew when dromos says that it was built for another one.

```python
import dromos as gym

env = gym.make("$env_id", mass=2.0, render_mode="rgb_array")
observation, info = env.reset(seed=1)
observation, reward, terminated, truncated, info = env.step(env.action_space.sample())

envs = gym.make_vec("$env_id", num_envs=1024, params={"wind": 0.5})
```

Without Python:

```console
$$ cmake -S . -B build && cmake --build build && build/program
```

| file | what to change there |
|---|---|
| `cpp/$library.hpp` | the task: parameters, state, `reset`, `step`, `observe` |
| `cpp/module.cpp` | the environments of the library |
| `cpp/program.cpp` | a program in C++ that steps a thousand lanes |
| `$package/envs/$module.py` | spaces and pictures |
| `$package/__init__.py` | ids, limits of steps, reward thresholds |
| `tests/test_$module.py` | what is to be true; `check_env` tells all faults at once |
| `pyproject.toml` | the version and what the package needs |

A change that makes old results incomparable is a new version: register it as `-v1` beside `-v0`.
"""
