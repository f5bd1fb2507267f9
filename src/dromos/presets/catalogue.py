"""The presets, after papers and well-known programs.

The numbers were compared with the programs' code where that is published. The texts of the two
Atari papers were not at hand; ``docs/presets.md`` says which numbers nothing was found to confirm.
"""

from __future__ import annotations

from typing import Any

from dromos.presets.preset import Layer, Preset

__all__ = ["PRESETS", "atari_layers"]

_MACHADO = (
    "Machado et al., Revisiting the Arcade Learning Environment: Evaluation Protocols and Open "
    "Problems for General Agents, JAIR 61, 2018"
)


def _screens(noop_max: int, frame_skip: int) -> Layer:
    """Return the wrapper of 84x84 grey screens, the maximum of the last two frames of a step."""
    return Layer(
        "dromos.wrappers:AtariPreprocessing",
        {
            "noop_max": noop_max,
            "frame_skip": frame_skip,
            "maxpool": True,
            "screen_size": 84,
            "terminal_on_life_loss": False,
            "grayscale_obs": True,
            "grayscale_newaxis": False,
            "scale_obs": False,
        },
    )


def _last_four(padding_type: str) -> Layer:
    return Layer(
        "dromos.wrappers:FrameStackObservation",
        {"stack_size": 4, "padding_type": padding_type, "lazy": False},
    )


def _clip_reward(bound: float) -> Layer:
    return Layer("dromos.wrappers:ClipReward", {"min_reward": -bound, "max_reward": bound})


def _ding(name: str, **kwargs: Any) -> Layer:
    return Layer(f"dromos.compat.ding:{name}", kwargs)


def atari_layers(noop_max: int, frame_skip: int, padding: str) -> tuple[Layer, ...]:
    """Return no-ops, skip, grey and size; lives as episodes; clipped rewards; and the stack."""
    return (
        _screens(noop_max, frame_skip),
        # A life lost ends an episode, and the game goes on in the next.
        _ding("EpisodicLifeWrapper"),
        _clip_reward(1.0),
        _last_four(padding),
    )


_DQN_NATURE = Preset(
    name="dqn-nature",
    version=1,
    description="Atari games as the deep Q-network of 2015 was trained on them.",
    sources=(
        "Mnih et al., Human-level control through deep reinforcement learning, Nature 518, 2015",
        "DeepMind's code of that paper: run_gpu, dqn/NeuralQLearner.lua, dqn/TransitionTable.lua",
    ),
    env_kwargs={"frameskip": 1, "repeat_action_probability": 0.0, "full_action_space": False},
    layers=atari_layers(noop_max=30, frame_skip=4, padding="zero"),
)

_MACHADO_2018 = Preset(
    name="machado2018",
    version=1,
    description="Atari games by the evaluation protocol of 2018: sticky actions, whole games.",
    sources=(_MACHADO,),
    env_kwargs={"frameskip": 1, "repeat_action_probability": 0.25, "full_action_space": True},
    layers=(_screens(noop_max=0, frame_skip=5), _last_four(padding_type="zero")),
)

_BASELINES = Preset(
    name="baselines",
    version=1,
    description="Atari games as OpenAI Baselines' make_atari and wrap_deepmind wrap them.",
    sources=(
        "OpenAI Baselines, baselines/common/atari_wrappers.py: make_atari(env_id) and "
        "wrap_deepmind(env, frame_stack=True)",
    ),
    env_kwargs={"frameskip": 1, "repeat_action_probability": 0.0, "full_action_space": False},
    layers=(
        _ding("NoopResetWrapper", noop_max=30),
        _ding("MaxAndSkipWrapper", skip=4),
        _ding("EpisodicLifeWrapper"),
        Layer("dromos.compat.ding:FireResetWrapper", {"actions": [1, 2]}, only_with_action="FIRE"),
        _ding("WarpFrameWrapper", size=84),
        _ding("ClipRewardWrapper"),
        _ding("FrameStackWrapper", n_frames=4),
    ),
)

_MUJOCO_PPO = Preset(
    name="mujoco-ppo",
    version=1,
    description="Continuous control as CleanRL's ppo_continuous_action.py wraps it.",
    sources=(
        "CleanRL, cleanrl/ppo_continuous_action.py: make_env",
        "Huang et al., The 37 Implementation Details of Proximal Policy Optimization, ICLR Blog "
        "Track, 2022: 9 details for continuous action domains",
    ),
    env_kwargs={},
    layers=(
        Layer("dromos.wrappers:FlattenObservation"),
        Layer(
            "dromos.wrappers:RecordEpisodeStatistics",
            {"buffer_length": 100, "stats_key": "episode"},
        ),
        Layer("dromos.wrappers:ClipAction"),
        Layer("dromos.wrappers:NormalizeObservation", {"epsilon": 1e-8}),
        Layer("dromos.presets:ClipObservation", {"low": -10.0, "high": 10.0}),
        Layer("dromos.wrappers:NormalizeReward", {"gamma": 0.99, "epsilon": 1e-8}),
        _clip_reward(10.0),
    ),
)

#: All presets by name.
PRESETS = {preset.name: preset for preset in (_BASELINES, _DQN_NATURE, _MACHADO_2018, _MUJOCO_PPO)}
