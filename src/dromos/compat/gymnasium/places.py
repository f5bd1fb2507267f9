"""Modules that old releases had elsewhere: the path then, and the modules that provide its names.

The first module that has a name provides it. ``{home}`` is the first package of the dialect.
"""

from __future__ import annotations

__all__ = ["GYMNASIUM_PLACES", "GYM_PLACES", "LATEST_PLACES", "OLDEST_PLACES"]

_COMPAT = "dromos.compat"

#: Wrappers stood in a file each, which today's `wrappers` package of a dialect answers for.
_WRAPPERS = (
    "autoreset",
    "clip_action",
    "compatibility",
    "env_checker",
    "filter_observation",
    "flatten_observation",
    "frame_stack",
    "gray_scale_observation",
    "normalize",
    "pixel_observation",
    "record_episode_statistics",
    "rescale_action",
    "resize_observation",
    "step_api_compatibility",
    "time_aware_observation",
    "transform_observation",
    "vector_list_info",
)

_VECTOR_UTILS = f"{_COMPAT}.old_vector_utils"

#: Of Gymnasium 1.0 to 1.3: today's modules, with helpers that stood beside environments.
LATEST_PLACES = {
    "envs.classic_control.acrobot": f"dromos.envs.classic_control.acrobot {_COMPAT}.old_names",
    "envs.toy_text.blackjack": (f"dromos.envs.toy_text.blackjack {_COMPAT}.old_envs.blackjack"),
}

_COMMON = {
    **LATEST_PLACES,
    "envs.classic_control.rendering": f"{_COMPAT}.old_rendering",
    "envs.registration": f"{{home}}.envs.registration dromos.envs.registration {_COMPAT}.old_names",
    "error": f"{_COMPAT}.old_errors",
    "vector": "{home}.vector",
    "vector.async_vector_env": "{home}.vector dromos.vector.async_vector_env",
    "vector.sync_vector_env": "{home}.vector dromos.vector.sync_vector_env",
    "vector.vector_env": "{home}.vector dromos.vector.vector_env",
    "vector.utils": _VECTOR_UTILS,
    "vector.utils.misc": _VECTOR_UTILS,
    "vector.utils.numpy_utils": _VECTOR_UTILS,
    "vector.utils.shared_memory": _VECTOR_UTILS,
    "vector.utils.spaces": _VECTOR_UTILS,
    "version": f"{_COMPAT}.old_names",
    "wrappers.monitoring": f"{_COMPAT}.gym_v25.wrappers.monitoring",
    "wrappers.monitoring.video_recorder": f"{_COMPAT}.gym_v25.wrappers.monitoring.video_recorder",
}

_OLD_ENVS = f"{_COMPAT}.old_envs"

#: Robots that mujoco-py moved: those of version 2 stood in files without a number.
_ROBOTS = {
    "envs.mujoco": f"{_OLD_ENVS}.robots_v2 dromos.envs.mujoco",
    **{
        f"envs.mujoco.{name}": f"{_OLD_ENVS}.robots_v2"
        for name in (
            "ant",
            "half_cheetah",
            "hopper",
            "humanoid",
            "humanoidstandup",
            "inverted_double_pendulum",
            "inverted_pendulum",
            "pusher",
            "reacher",
            "swimmer",
            "walker2d",
        )
    },
    **{
        f"envs.mujoco.{name}_v3": f"{_OLD_ENVS}.robots_v3 dromos.envs.mujoco.{name}_v4"
        for name in ("ant", "half_cheetah", "hopper", "humanoid", "swimmer", "walker2d")
    },
}

#: Of Gymnasium 0.26 to 0.29, and of Gym 0.26.
GYMNASIUM_PLACES = {
    **_COMMON,
    **_ROBOTS,
    **{f"wrappers.{name}": "{home}.wrappers" for name in _WRAPPERS},
    "experimental.vector": "{home}.experimental.vector",
    "experimental.wrappers": "{home}.experimental.wrappers",
    **{
        f"experimental.wrappers.{name}": "{home}.experimental.wrappers"
        for name in (
            "atari_preprocessing",
            "common",
            "jax_to_numpy",
            "jax_to_torch",
            "lambda_action",
            "lambda_observation",
            "lambda_observations",
            "lambda_reward",
            "numpy_to_torch",
            "rendering",
            "stateful_action",
            "stateful_observation",
            "stateful_reward",
        )
    },
    "experimental.wrappers.utils": "dromos.wrappers.utils",
    "experimental.wrappers.vector": "{home}.experimental.vector_wrappers",
    **{
        f"experimental.wrappers.vector.{name}": "{home}.experimental.vector_wrappers"
        for name in (
            "dict_info_to_list",
            "jax_to_numpy",
            "jax_to_torch",
            "numpy_to_torch",
            "record_episode_statistics",
            "vector_list_info",
            "vectorize_action",
            "vectorize_observation",
            "vectorize_reward",
        )
    },
    **{
        f"experimental.vector.{name}": "{home}.experimental.vector"
        for name in ("async_vector_env", "sync_vector_env", "vector_env")
    },
    "experimental.vector.utils": _VECTOR_UTILS,
    "experimental.vector.utils.misc": _VECTOR_UTILS,
    "experimental.vector.utils.shared_memory": _VECTOR_UTILS,
    "experimental.vector.utils.space_utils": _VECTOR_UTILS,
}

#: Of Gym up to 0.25.
GYM_PLACES = {
    **_COMMON,
    **{f"wrappers.{name}": f"{_COMPAT}.gym_v25.wrappers" for name in _WRAPPERS},
    "envs.algorithmic": f"{_OLD_ENVS}.algorithmic",
    **{
        f"envs.algorithmic.{name}": f"{_OLD_ENVS}.algorithmic"
        for name in (
            "algorithmic_env",
            "copy_",
            "duplicated_input",
            "repeat_copy",
            "reverse",
            "reversed_addition",
        )
    },
    **_ROBOTS,
    "envs.atari.atari_env": "dromos.envs.atari",
    "envs.toy_text": f"dromos.envs.toy_text {_OLD_ENVS}.games {_OLD_ENVS}.kelly",
    "envs.toy_text.discrete": f"{_OLD_ENVS}.tabular",
    "envs.toy_text.guessing_game": f"{_OLD_ENVS}.games",
    "envs.toy_text.hotter_colder": f"{_OLD_ENVS}.games",
    "envs.toy_text.kellycoinflip": f"{_OLD_ENVS}.kelly",
    "envs.toy_text.nchain": f"{_OLD_ENVS}.games",
    "envs.toy_text.roulette": f"{_OLD_ENVS}.games",
    "envs.unittest": f"{_OLD_ENVS}.pixels",
    "envs.unittest.cube_crash": f"{_OLD_ENVS}.pixels",
    "envs.unittest.memorize_digits": f"{_OLD_ENVS}.pixels",
    "spaces.dict_space": "dromos.spaces",
    "spaces.prng": f"{_COMPAT}.gym_v09.prng",
    "spaces.tuple_space": "dromos.spaces",
    "utils.atomic_write": f"{_COMPAT}.gym_v09.tools",
    "utils.closer": f"{_COMPAT}.gym_v09.tools",
    "utils.json_utils": f"{_COMPAT}.gym_v09.tools",
    "utils.renderer": f"{_COMPAT}.gym_v25.utils.renderer",
    "utils.step_api_compatibility": f"dromos.utils.step_api_compatibility {_COMPAT}.old_names",
    "wrappers.monitor": (
        f"{_COMPAT}.gym_v25.wrappers {_COMPAT}.gym_v25.wrappers.monitoring "
        f"{_COMPAT}.gym_v25.wrappers.monitoring.files"
    ),
    "wrappers.clip_reward": f"{_COMPAT}.gym_v25.wrappers",
    "wrappers.dict": f"{_COMPAT}.gym_v25.wrappers",
    "wrappers.record_video": f"{_COMPAT}.gym_v25.wrappers",
    "wrappers.sign_reward": f"{_COMPAT}.gym_v25.wrappers",
}

#: Of Gym up to 0.10, whose `Monitor` is a class of its own, and whose vectors are later ones.
OLDEST_PLACES = {
    **GYM_PLACES,
    "wrappers.monitor": f"{{home}}.wrappers {GYM_PLACES['wrappers.monitor']}",
    "wrappers.monitoring": (
        f"{{home}}.wrappers.monitoring {GYM_PLACES['wrappers.monitoring']} "
        f"{_COMPAT}.gym_v25.wrappers"
    ),
    "wrappers.frame_skipping": "{home}.wrappers",
    "wrappers.time_limit": "{home}.wrappers",
    **{
        path: sources.replace("{home}", f"{_COMPAT}.gym_v21")
        for path, sources in GYM_PLACES.items()
        if sources.startswith("{home}.vector")
    },
}
