"""Every public module and name of old releases is there under the alias, but for a known few.

``old_names.json`` lists them by release; `tools/record_old_releases.py` reads them from sources.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RECORDED = json.loads((Path(__file__).parent / "old_names.json").read_text())
#: The last release of each dialect, which also runs those before it in the file.
DIALECTS = {
    "gym 0.10.11": "0.9",
    "gym 0.21.0": "0.21",
    "gym 0.23.1": "0.23",
    "gym 0.25.2": "0.25",
    "gym 0.26.2": "0.26",
    "gymnasium 0.29.1": "0.29",
    "gymnasium 1.3.0": "1.3",
}


def names_of_releases():
    """Return the names of each module of each release; the file has what a release changed."""
    releases, modules = {}, {}
    for release, changed in RECORDED.items():
        if release == "gymnasium 0.26.3":
            modules = {}
        modules = {**modules, **changed}
        modules = {path: names for path, names in modules.items() if names is not None}
        releases[release] = modules
    return releases


NAMES = names_of_releases()


def releases_of(dialect):
    """Return the names of the releases that a dialect runs."""
    last, found = list(NAMES), []
    for release in last:
        found.append(release)
        if release == dialect:
            return found
        if release in DIALECTS:
            found = []
    raise AssertionError(dialect)


#: Modules that stay absent, with their reasons.
ABSENT_MODULES = {
    "envs.__relocated__": "a table of ids that other packages took over",
    "envs.external": "an environment of another library's, which needs it",
    "envs.external.gym_env": "an environment of another library's, which needs it",
    "envs.functional_jax_env": "functional environments on JAX",
    "experimental.functional_jax_env": "functional environments on JAX",
    "experimental": "in 1.0 and later, functional environments on JAX",
    "configuration": "how messages were set up in Python 2",
    "experimental.func_jax_env": "functional environments on JAX",
    "utils.reraise": "errors of Python 2",
    "utils.reraise_impl_py2": "errors of Python 2",
    "utils.reraise_impl_py3": "errors of Python 2",
}
#: Beginnings of paths that stay absent, with their reasons.
ABSENT_PACKAGES = {
    "benchmarks": "a scoreboard that is gone",
    "envs.board_game": "Go and Hex, which were taken out in 0.9",
    "envs.debugging": "environments that tested the scoreboard",
    "envs.mujoco.mujoco_py_env": "mujoco-py, which no MuJoCo of today has",
    "envs.mujoco.striker": "a robot of which there is no model here",
    "envs.mujoco.thrower": "a robot of which there is no model here",
    "envs.parameter_tuning": "environments that need Keras or Theano",
    "envs.robotics": "robots that are in Gymnasium-Robotics",
    "envs.safety": "environments that were taken out in 0.9",
    "monitoring": "a second name of `wrappers.monitoring` in 0.8",
    "scoreboard": "a scoreboard that is gone",
}
#: Names that stay absent in whichever module, with their reasons.
ABSENT_NAMES = {
    "EnvSpecTree": "how a registry kept its ids",
    "EventWrapper deprecated_warn_once env_closer warn_once patch_deprecated_methods "
    "plugin_internal_whitelist MIN_LEVEL": "parts of the library's own machinery",
    "FIELD_H FIELD_W HOLE_WIDTH color_black color_green color_white bogus_mnist WINDOW_SIZE "
    "POSITION_MAPPING": "where and how pictures are drawn",
    "ImageEncoder TextEncoder touch collapse_env_infos detect_monitor_files disable_videos "
    "load_env_info_from_manifests merge_stats_files monitor_closer": "how a monitor wrote files",
    "FlatType T ArrayType Device IntType SAMPLE_MASK_TYPE": "types of annotations",
    "get_inf get_precision is_float_integer NO_RETURNS_RENDER SINGLE_RENDER": "steps of methods",
    "check_reset_info check_reset_seed": "parts of the checker, which has others",
    "add_vector_episode_statistics load_plugin_envs": "steps of wrappers and of loading",
    "env main": "what a module did when it was run",
    "experimental functional FuncEnv RenderStateType": "functional environments on JAX",
    "cmp dealer_stop deck draw_card draw_card_wrapper draw_hand fell_off is_bust is_natural notake "
    "random_card score sum_hand take terminal usable_ace": "steps of functional environments",
    "BaseMujocoEnv BaseRender MuJocoPyEnv RenderContext RenderContextOffscreen Viewer "
    "MUJOCO_NOT_INSTALLED MUJOCO_PY_NOT_INSTALLED": "mujoco-py, and how pictures were drawn",
    "ACTION_MEANING to_ram": "steps of methods of games",
    "StrikerEnv ThrowerEnv": "robots of which there is no model here",
    "convert_observation_to_space mass_center DEFAULT_CAMERA_CONFIG": "steps of robots' methods",
    "ContactDetector HULL_FD LEG_FD LOWER_FD PLAYFIELD ROAD_COLOR SCALE heuristics": (
        "how worlds of Box2D are built and drawn"
    ),
    "SPEED SUPPORT_KNEE_ANGLE a isopen key_press key_release moving_leg quit record_video "
    "register_input s state steps supporting_knee_angle supporting_leg total_reward callback "
    "env_plotter": "what a module did when it was run",
    "FILE_PREFIX MANIFEST_PREFIX video_recorder_closer upload": "how a monitor wrote files",
    "check_render passive_env_render_check passive_env_reset_check passive_env_step_check": (
        "parts of the checker, which has others"
    ),
    "FilterObservationWrapper integer_types logger load_env_plugins": (
        "names of other modules that a module imported, or of 0.12 alone"
    ),
    "jax_to_numpy numpy_to_jax jax_to_torch torch_to_jax torch_to_numpy numpy_to_torch": (
        "functions of today's modules of these names"
    ),
}
#: `spaces.utils` held a function a kind of space, which are methods here.
BY_KIND = ("flatdim_", "flatten_", "unflatten_")

COMPARE = """
import importlib, json, sys
from dromos.compat.gymnasium import install
api, name = sys.argv[1:]
install(api, name)
absent = {}
for path, names in json.load(sys.stdin).items():
    try:
        module = importlib.import_module(".".join(filter(None, (name, path))))
    except ModuleNotFoundError:
        absent[path] = None
        continue
    if missing := [one for one in names if not hasattr(module, one)]:
        absent[path] = missing
print(json.dumps(absent))
"""


def absent_of(dialect):
    """Return what a dialect lacks of its releases: a list of names by module, None for modules."""
    wanted = {}
    for release in releases_of(dialect):
        for path, names in NAMES[release].items():
            wanted.setdefault(path, set()).update(names.split())
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COMPARE, DIALECTS[dialect], dialect.split()[0]],
        input=json.dumps({path: sorted(names) for path, names in wanted.items()}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_module_and_name(dialect):
    absent = absent_of(dialect)
    known = {name for names in ABSENT_NAMES for name in names.split()}
    modules = {path for path, names in absent.items() if names is None}
    modules = {path for path in modules if not path.startswith(tuple(ABSENT_PACKAGES))}
    if dialect == "gymnasium 1.3.0":  # whose robots of versions 2 and 3 needed mujoco-py
        modules -= {path for path in modules if path.startswith("envs.mujoco.")}
    assert modules <= set(ABSENT_MODULES)
    names = {name for found in absent.values() if found for name in found}
    assert {name for name in names if not name.startswith(BY_KIND)} <= known


def test_all_releases_were_read():
    assert len(NAMES) == 25
    assert {release for one in DIALECTS for release in releases_of(one)} == set(NAMES)
    for names in NAMES.values():
        assert len(names) > 40
        assert {"Env", "Wrapper"} <= set(names["core"].split())


def test_the_lists_of_what_is_absent_are_no_longer_than_need_be():
    everything = {
        name for modules in NAMES.values() for names in modules.values() for name in names.split()
    }
    assert {name for names in ABSENT_NAMES for name in names.split()} <= everything
    paths = {path for modules in NAMES.values() for path in modules}
    assert set(ABSENT_MODULES) <= paths
