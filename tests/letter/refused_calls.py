"""Calls that Gymnasium refuses, each as a function of the library (ours or the peer's)."""

import json
import time

import numpy as np

INF = np.inf


def box(g, low=-1, high=1, shape=(2,), dtype=np.float32):
    return g.spaces.Box(low, high, shape, dtype)


def env_of(g, observation_space=None, action_space=None, render_mode=None, **metadata):
    """Return an environment of the library that shows samples."""

    class Sampling(g.Env):
        def __init__(self):
            self.observation_space = observation_space or box(g)
            self.action_space = action_space or box(g)
            self.render_mode = render_mode
            self.metadata = {"render_modes": ["rgb_array", "human"], **metadata}

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            time.sleep((options or {}).get("seconds", 0))
            return self.observation_space.sample(), {}

        def step(self, action):
            return self.observation_space.sample(), 0.0, True, False, {"episode": 1}

        def render(self):
            return np.zeros((16, 16, 3), np.uint8) if render_mode == "rgb_array" else [1]

    return Sampling()


def vector_of(g, env=None, **kwargs):
    return g.vector.SyncVectorEnv([env or (lambda: env_of(g))] * 2, **kwargs)


def asynchronous(g, use, **kwargs):
    """Use a vector over processes, and end them."""
    envs = g.vector.AsyncVectorEnv([lambda: env_of(g)] * 2, **kwargs)
    try:
        return use(envs)
    finally:
        envs.close(terminate=True)


def dict_env(g):
    return env_of(g, g.spaces.Dict({"a": box(g), "b": box(g)}))


def tuple_env(g):
    return env_of(g, g.spaces.Tuple((box(g), box(g))))


def image_env(g, high=255, dtype=np.uint8, shape=(8, 8, 3)):
    return env_of(g, box(g, 0, high, shape, dtype))


class Foreign:
    """Is no space and no environment."""


def own_space(g):
    class Own(g.Space):
        def sample(self, mask=None, probability=None):
            return 0

        def contains(self, x):
            return True

    return Own()


def masked(g, mask, make=vector_of, **kwargs):
    envs = make(g, **kwargs)
    envs.reset()
    envs.reset(options={"reset_mask": mask})


def statistics(g, **kwargs):
    return g.wrappers.vector.RecordEpisodeStatistics(vector_of(g), **kwargs)


def stepped(env, times=1):
    env.reset()
    for _ in range(times):
        env.step(env.action_space.sample())


def both(space, mask, probability=None):
    space.sample(mask=mask, probability=mask if probability is None else probability)


TABLE = {
    # wrappers: observations
    "delay-type": lambda g: g.wrappers.DelayObservation(env_of(g), 1.5),
    "delay-value": lambda g: g.wrappers.DelayObservation(env_of(g), -1),
    "stack-type": lambda g: g.wrappers.FrameStackObservation(env_of(g), 1.5),
    "stack-value": lambda g: g.wrappers.FrameStackObservation(env_of(g), 0),
    "stack-padding": lambda g: g.wrappers.FrameStackObservation(env_of(g), 2, padding_type="x"),
    "stack-element": lambda g: g.wrappers.FrameStackObservation(env_of(g), 2, padding_type=3),
    "normal-epsilon": lambda g: g.wrappers.NormalizeObservation(env_of(g), 0),
    "normal-epsilon-below": lambda g: g.wrappers.NormalizeObservation(env_of(g), -1.0),
    "normal-shape": lambda g: g.wrappers.NormalizeObservation(dict_env(g)),
    "skip-type": lambda g: g.wrappers.MaxAndSkipObservation(env_of(g), 2.5),
    "skip-value": lambda g: g.wrappers.MaxAndSkipObservation(env_of(g), 1),
    "skip-shape": lambda g: g.wrappers.MaxAndSkipObservation(dict_env(g)),
    "time-no-limit": lambda g: g.wrappers.TimeAwareObservation(env_of(g)),
    "time-key": lambda g: g.wrappers.TimeAwareObservation(
        g.wrappers.TimeLimit(dict_env(g), 5), dict_time_key="a"
    ),
    "filter-type": lambda g: g.wrappers.FilterObservation(dict_env(g), 3),
    "filter-text": lambda g: g.wrappers.FilterObservation(dict_env(g), "key"),
    "filter-keys": lambda g: g.wrappers.FilterObservation(dict_env(g), [1]),
    "filter-missing": lambda g: g.wrappers.FilterObservation(dict_env(g), ["x"]),
    "filter-none": lambda g: g.wrappers.FilterObservation(dict_env(g), []),
    "filter-index-type": lambda g: g.wrappers.FilterObservation(tuple_env(g), ["a"]),
    "filter-twice": lambda g: g.wrappers.FilterObservation(tuple_env(g), [0, 0]),
    "filter-index": lambda g: g.wrappers.FilterObservation(tuple_env(g), [5]),
    "filter-no-index": lambda g: g.wrappers.FilterObservation(tuple_env(g), []),
    "filter-space": lambda g: g.wrappers.FilterObservation(env_of(g), ["a"]),
    "gray-space": lambda g: g.wrappers.GrayscaleObservation(dict_env(g)),
    "gray-channels": lambda g: g.wrappers.GrayscaleObservation(image_env(g, shape=(8, 8))),
    "gray-bounds": lambda g: g.wrappers.GrayscaleObservation(image_env(g, 254)),
    "resize-space": lambda g: g.wrappers.ResizeObservation(dict_env(g), (4, 4)),
    "resize-axes": lambda g: g.wrappers.ResizeObservation(image_env(g, shape=(8,)), (4, 4)),
    "resize-bounds": lambda g: g.wrappers.ResizeObservation(image_env(g, 254), (4, 4)),
    "resize-dtype": lambda g: g.wrappers.ResizeObservation(image_env(g, 255, np.int32), (4, 4)),
    "resize-type": lambda g: g.wrappers.ResizeObservation(image_env(g), [4, 4]),
    "resize-length": lambda g: g.wrappers.ResizeObservation(image_env(g), (4,)),
    "resize-elements": lambda g: g.wrappers.ResizeObservation(image_env(g), (4.0, 4.0)),
    "resize-positive": lambda g: g.wrappers.ResizeObservation(image_env(g), (0, 4)),
    "reshape-space": lambda g: g.wrappers.ReshapeObservation(dict_env(g), (2,)),
    "reshape-product": lambda g: g.wrappers.ReshapeObservation(env_of(g), (3,)),
    "reshape-type": lambda g: g.wrappers.ReshapeObservation(env_of(g), "ab"),
    "reshape-elements": lambda g: g.wrappers.ReshapeObservation(env_of(g), (2.0, 1.0)),
    "reshape-negative": lambda g: g.wrappers.ReshapeObservation(env_of(g), (-2, -1)),
    "rescale-space": lambda g: g.wrappers.RescaleObservation(dict_env(g), 0, 1),
    "dtype-space": lambda g: g.wrappers.DtypeObservation(dict_env(g), np.float32),
    "pixels-mode": lambda g: g.wrappers.AddRenderObservation(env_of(g)),
    "pixels-human": lambda g: g.wrappers.AddRenderObservation(env_of(g, render_mode="human")),
    "pixels-frames": lambda g: g.wrappers.AddRenderObservation(env_of(g, render_mode="ansi")),
    "pixels-key": lambda g: g.wrappers.AddRenderObservation(
        env_of(g, g.spaces.Dict({"a": box(g)}), render_mode="rgb_array"),
        render_only=False,
        render_key="a",
    ),
    "bins-space": lambda g: g.wrappers.DiscretizeObservation(dict_env(g), 3),
    "bins-infinite": lambda g: g.wrappers.DiscretizeObservation(env_of(g, box(g, -INF, INF)), 3),
    "bins-length": lambda g: g.wrappers.DiscretizeObservation(env_of(g), (3, 3, 3)),
    # wrappers: actions, rewards, frames
    "clip-space": lambda g: g.wrappers.ClipAction(env_of(g, action_space=g.spaces.Discrete(2))),
    "rescale-action-space": lambda g: g.wrappers.RescaleAction(
        env_of(g, action_space=g.spaces.Discrete(2)), -1, 1
    ),
    "rescale-action-equal": lambda g: g.wrappers.RescaleAction(env_of(g), np.float32(1), 1),
    "action-bins-space": lambda g: g.wrappers.DiscretizeAction(
        env_of(g, action_space=g.spaces.Discrete(2)), 3
    ),
    "action-bins-infinite": lambda g: g.wrappers.DiscretizeAction(
        env_of(g, action_space=box(g, -INF, INF)), 3
    ),
    "action-bins-length": lambda g: g.wrappers.DiscretizeAction(env_of(g), (3, 3, 3)),
    "sticky-probability": lambda g: g.wrappers.StickyAction(env_of(g), 1.0),
    "sticky-type": lambda g: g.wrappers.StickyAction(env_of(g), 0.5, "ab"),
    "sticky-length": lambda g: g.wrappers.StickyAction(env_of(g), 0.5, (1, 2, 3)),
    "sticky-order": lambda g: g.wrappers.StickyAction(env_of(g), 0.5, (3, 1)),
    "sticky-low": lambda g: g.wrappers.StickyAction(env_of(g), 0.5, (0, 1)),
    "repeat-type": lambda g: g.wrappers.RepeatAction(env_of(g), 1.5),
    "repeat-value": lambda g: g.wrappers.RepeatAction(env_of(g), 0),
    "reward-none": lambda g: g.wrappers.ClipReward(env_of(g)),
    "reward-order": lambda g: g.wrappers.ClipReward(env_of(g), 1, 0),
    "gamma": lambda g: g.wrappers.NormalizeReward(env_of(g), gamma=99),
    "gamma-below": lambda g: g.wrappers.NormalizeReward(env_of(g), gamma=-0.1),
    "epsilon": lambda g: g.wrappers.NormalizeReward(env_of(g), epsilon=0),
    "frames-none": lambda g: g.wrappers.RenderCollection(env_of(g)),
    "frames-list": lambda g: g.wrappers.RenderCollection(env_of(g, render_mode="rgb_array_list")),
    "video-mode": lambda g: g.wrappers.RecordVideo(env_of(g), "nowhere"),
    "human-mode": lambda g: g.wrappers.HumanRendering(env_of(g)),
    "human-fps": lambda g: g.wrappers.HumanRendering(env_of(g, render_mode="rgb_array")),
    "noise": lambda g: g.wrappers.AddWhiteNoise(env_of(g, render_mode="rgb_array"), 1.5),
    "view-ratio": lambda g: g.wrappers.ObstructView(env_of(g, render_mode="rgb_array"), 1.5, 3),
    "view-width": lambda g: g.wrappers.ObstructView(env_of(g, render_mode="rgb_array"), 0.5, 0),
    # wrappers: episodes, names, helpers
    "limit-type": lambda g: g.wrappers.TimeLimit(env_of(g), 1.5),
    "limit-value": lambda g: g.wrappers.TimeLimit(env_of(g), 0),
    "checker-foreign": lambda g: g.wrappers.PassiveEnvChecker(Foreign()),
    "checker-no-action-space": lambda g: g.wrappers.PassiveEnvChecker(
        type("Bare", (g.Env,), {"observation_space": box(g)})()
    ),
    "checker-no-observation-space": lambda g: g.wrappers.PassiveEnvChecker(
        type("Bare", (g.Env,), {"action_space": box(g)})()
    ),
    "order-step": lambda g: g.wrappers.OrderEnforcing(env_of(g)).step(0),
    "order-render": lambda g: g.wrappers.OrderEnforcing(env_of(g)).render(),
    "renamed": lambda g: g.wrappers.FrameStack,
    "absent": lambda g: g.wrappers.Nothing,
    "absent-vector": lambda g: g.wrappers.vector.Nothing,
    "foreign-env": lambda g: g.Wrapper(Foreign()),
    "foreign-vector": lambda g: g.vector.VectorWrapper(Foreign()),
    "private-generator": lambda g: g.Wrapper(env_of(g))._np_random,
    "no-attribute": lambda g: g.Wrapper(env_of(g)).get_wrapper_attr("nothing"),
    "zero-own-space": lambda g: g.wrappers.utils.create_zero_array(own_space(g)),
    "zero-foreign": lambda g: g.wrappers.utils.create_zero_array(3),
    "rescale-box": lambda g: g.wrappers.utils.rescale_box(3, 0, 1),
    "rescale-min-type": lambda g: g.wrappers.utils.rescale_box(box(g), "a", 1),
    "rescale-max-type": lambda g: g.wrappers.utils.rescale_box(box(g), 0, "a"),
    "rescale-min-shape": lambda g: g.wrappers.utils.rescale_box(box(g), np.zeros(3), 1),
    "rescale-max-shape": lambda g: g.wrappers.utils.rescale_box(box(g), 0, np.ones(3)),
    "rescale-min-infinite": lambda g: g.wrappers.utils.rescale_box(box(g, -INF, 1), 0, 1),
    "rescale-max-infinite": lambda g: g.wrappers.utils.rescale_box(box(g, 0, INF), 0, 1),
    "rescale-order": lambda g: g.wrappers.utils.rescale_box(box(g), 2, 1),
    # wrappers of vectors
    "vector-epsilon": lambda g: g.wrappers.vector.NormalizeObservation(vector_of(g), 0),
    "vector-gamma": lambda g: g.wrappers.vector.NormalizeReward(vector_of(g), gamma=99),
    "vector-reward-epsilon": lambda g: g.wrappers.vector.NormalizeReward(vector_of(g), epsilon=0),
    "vector-human-mode": lambda g: g.wrappers.vector.HumanRendering(vector_of(g)),
    "vector-video-mode": lambda g: g.wrappers.vector.RecordVideo(vector_of(g), "nowhere"),
    "vector-statistics-key": lambda g: stepped(statistics(g)),
    **{
        f"{where}-mask-{name}": lambda g, mask=mask, make=make: masked(g, mask, make)
        for where, make in {"vector": vector_of, "statistics": statistics}.items()
        for name, mask in {
            "type": [True, False],
            "shape": np.array([True]),
            "dtype": np.array([1, 0]),
            "empty": np.array([False, False]),
        }.items()
    },
    # vectors
    "step-undefined": lambda g: g.vector.VectorEnv().step(0),
    "render-undefined": lambda g: g.vector.VectorEnv().render(),
    "observations-undefined": lambda g: g.vector.VectorObservationWrapper(
        vector_of(g)
    ).observations(0),
    "actions-undefined": lambda g: g.vector.VectorActionWrapper(vector_of(g)).actions(0),
    "rewards-undefined": lambda g: g.vector.VectorRewardWrapper(vector_of(g)).rewards(0),
    "sync-seeds": lambda g: vector_of(g).reset(seed=[1]),
    "sync-set-attr": lambda g: vector_of(g).set_attr("x", [1, 2, 3]),
    "sync-mode-spaces": lambda g: vector_of(g, observation_mode=(1, 2)),
    "sync-mode": lambda g: vector_of(g, observation_mode="other"),
    "sync-observations": lambda g: g.vector.SyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, box(g, 0, 3))]
    ),
    "sync-different": lambda g: g.vector.SyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, box(g, shape=(3,)))], observation_mode="different"
    ),
    "sync-actions": lambda g: g.vector.SyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, action_space=g.spaces.Discrete(2))]
    ),
    "async-concurrency-type": lambda g: asynchronous(g, id, max_concurrency="a"),
    "async-concurrency": lambda g: asynchronous(g, id, max_concurrency=0),
    "async-mode-spaces": lambda g: asynchronous(g, id, observation_mode=(1, 2)),
    "async-mode": lambda g: asynchronous(g, id, observation_mode="other"),
    "async-seeds": lambda g: asynchronous(g, lambda envs: envs.reset(seed=[1])),
    "async-set-attr": lambda g: asynchronous(g, lambda envs: envs.set_attr("x", [1, 2, 3])),
    "async-mask": lambda g: asynchronous(
        g, lambda envs: (envs.reset(), envs.reset(options={"reset_mask": [True, False]}))
    ),
    "async-reset-wait": lambda g: asynchronous(g, lambda envs: envs.reset_wait()),
    "async-step-wait": lambda g: asynchronous(g, lambda envs: envs.step_wait()),
    "async-call-wait": lambda g: asynchronous(g, lambda envs: envs.call_wait()),
    "async-custom-space": lambda g: g.vector.AsyncVectorEnv([lambda: env_of(g, own_space(g))]),
    # batches
    "batch-foreign": lambda g: g.vector.utils.batch_space(3),
    "iterate-discrete": lambda g: g.vector.utils.iterate(g.spaces.Discrete(3), 1),
    "iterate-own": lambda g: g.vector.utils.iterate(own_space(g), 1),
    "iterate-foreign": lambda g: g.vector.utils.iterate(3, 1),
    "iterate-elements": lambda g: list(g.vector.utils.iterate(box(g), 1)),
    "iterate-tuple": lambda g: list(
        g.vector.utils.iterate(g.spaces.Tuple([own_space(g), own_space(g)]), None)
    ),
    "concatenate-foreign": lambda g: g.vector.utils.concatenate(3, [], None),
    "empty-foreign": lambda g: g.vector.utils.create_empty_array(3),
    "differing-none": lambda g: g.vector.utils.batch_differing_spaces([]),
    "differing-types": lambda g: g.vector.utils.batch_differing_spaces(
        [box(g), g.spaces.Discrete(2)]
    ),
    "differing-dtypes": lambda g: g.vector.utils.batch_differing_spaces(
        [box(g), box(g, dtype=np.float64)]
    ),
    "differing-shapes": lambda g: g.vector.utils.batch_differing_spaces(
        [box(g), box(g, shape=(3,))]
    ),
    "differing-nvec-dtype": lambda g: g.vector.utils.batch_differing_spaces(
        [g.spaces.MultiDiscrete([2]), g.spaces.MultiDiscrete([2], dtype=np.int32)]
    ),
    "differing-nvec": lambda g: g.vector.utils.batch_differing_spaces(
        [g.spaces.MultiDiscrete([2]), g.spaces.MultiDiscrete([2, 2])]
    ),
    "differing-binary": lambda g: g.vector.utils.batch_differing_spaces(
        [g.spaces.MultiBinary(2), g.spaces.MultiBinary(3)]
    ),
    "differing-keys": lambda g: g.vector.utils.batch_differing_spaces(
        [g.spaces.Dict({"a": box(g)}), g.spaces.Dict({"b": box(g)})]
    ),
    "shared-own": lambda g: g.vector.utils.create_shared_memory(own_space(g)),
    "shared-foreign": lambda g: g.vector.utils.create_shared_memory(3),
    "shared-graph": lambda g: g.vector.utils.create_shared_memory(g.spaces.Graph(box(g), None)),
    "read-own": lambda g: g.vector.utils.read_from_shared_memory(own_space(g), None),
    "read-foreign": lambda g: g.vector.utils.read_from_shared_memory(3, None),
    "write-own": lambda g: g.vector.utils.write_to_shared_memory(own_space(g), 0, 0, None),
    "write-foreign": lambda g: g.vector.utils.write_to_shared_memory(3, 0, 0, None),
    # spaces
    "box-no-dtype": lambda g: g.spaces.Box(0, 1, dtype=None),
    "box-dtype": lambda g: g.spaces.Box(0, 1, dtype=np.complex64),
    "box-low-shape": lambda g: g.spaces.Box(np.zeros(3), 1, (2,)),
    "box-high-shape": lambda g: g.spaces.Box(0, np.ones(3), (2,)),
    "box-order": lambda g: box(g, 2, 1),
    "box-mask": lambda g: box(g).sample(mask=1),
    "box-probability": lambda g: box(g).sample(probability=1),
    "box-shape-type": lambda g: g.spaces.Box(0, 1, 3),
    "box-shape-elements": lambda g: g.spaces.Box(0, 1, (1.5,)),
    "box-shapes": lambda g: g.spaces.Box(np.zeros(2), np.ones(3)),
    "box-no-shape": lambda g: g.spaces.Box([0], [1]),
    "box-low-nan": lambda g: box(g, np.nan),
    "box-high-nan": lambda g: box(g, 0, np.nan),
    "box-low-array-nan": lambda g: g.spaces.Box(np.array([np.nan]), np.ones(1)),
    "box-high-array-nan": lambda g: g.spaces.Box(np.zeros(1), np.array([np.nan])),
    "box-low-type": lambda g: box(g, "a"),
    "box-high-type": lambda g: box(g, 0, "a"),
    "box-low-array-dtype": lambda g: g.spaces.Box(np.array(["a"]), np.ones(1)),
    "box-high-array-dtype": lambda g: g.spaces.Box(np.zeros(1), np.array(["a"])),
    "box-low-range": lambda g: box(g, -1, 1, dtype=np.uint8),
    "box-high-range": lambda g: box(g, 0, 256, dtype=np.uint8),
    "box-low-array-range": lambda g: g.spaces.Box(np.array([-1]), np.ones(1), dtype=np.uint8),
    "box-high-array-range": lambda g: g.spaces.Box(np.zeros(1), np.array([256]), dtype=np.uint8),
    "box-low-infinite": lambda g: box(g, -INF, 1, dtype=np.uint8),
    "box-high-infinite": lambda g: box(g, 0, INF, dtype=np.uint8),
    "box-low-array-infinite": lambda g: g.spaces.Box(np.array([-INF]), np.ones(1), dtype=np.uint8),
    "box-high-array-infinite": lambda g: g.spaces.Box(np.zeros(1), np.array([INF]), dtype=np.uint8),
    "box-manner": lambda g: box(g).is_bounded("sideways"),
    "dict-both": lambda g: both(g.spaces.Dict({"a": g.spaces.Discrete(2)}), {"a": None}),
    "dict-set": lambda g: g.spaces.Dict({"a": box(g)}).__setitem__("b", 3),
    "dict-keyword": lambda g: g.spaces.Dict({"a": box(g)}, a=box(g)),
    "dict-element": lambda g: g.spaces.Dict({"a": 3}),
    "dict-seed": lambda g: g.spaces.Dict({"a": box(g)}).seed("x"),
    "dict-input": lambda g: g.spaces.Dict(3),
    "dict-seed-keys": lambda g: g.spaces.Dict({"a": box(g)}).seed({"b": 1}),
    "discrete-type": lambda g: g.spaces.Discrete("a"),
    "discrete-value": lambda g: g.spaces.Discrete(0),
    "discrete-start": lambda g: g.spaces.Discrete(2, start="a"),
    "discrete-no-dtype": lambda g: g.spaces.Discrete(2, dtype=None),
    "discrete-dtype": lambda g: g.spaces.Discrete(2, dtype=np.float32),
    "discrete-both": lambda g: both(g.spaces.Discrete(2), np.ones(2, np.int8), np.full(2, 0.5)),
    "graph-both": lambda g: both(g.spaces.Graph(box(g), None), (None, None)),
    "graph-seed-type": lambda g: g.spaces.Graph(box(g), None).seed("x"),
    "graph-seed-two": lambda g: g.spaces.Graph(box(g), None).seed((1, 2, 3)),
    "graph-seed-three": lambda g: g.spaces.Graph(box(g), box(g)).seed((1, 2)),
    "binary-both": lambda g: both(g.spaces.MultiBinary(2), np.ones(2, np.int8)),
    "binary-value": lambda g: g.spaces.MultiBinary(0),
    "binary-values": lambda g: g.spaces.MultiBinary([2, 0]),
    "binary-type": lambda g: g.spaces.MultiBinary(1.5),
    "multi-no-dtype": lambda g: g.spaces.MultiDiscrete([2], dtype=None),
    "multi-dtype": lambda g: g.spaces.MultiDiscrete([2], dtype=np.float32),
    "multi-start": lambda g: g.spaces.MultiDiscrete([2], start=[0, 0]),
    "multi-value": lambda g: g.spaces.MultiDiscrete([0]),
    "multi-both": lambda g: both(g.spaces.MultiDiscrete([2]), (np.ones(2, np.int8),)),
    "oneof-type": lambda g: g.spaces.OneOf(3),
    "oneof-empty": lambda g: g.spaces.OneOf([]),
    "oneof-element": lambda g: g.spaces.OneOf([3]),
    "oneof-both": lambda g: both(g.spaces.OneOf([box(g)]), (None,)),
    "oneof-seed": lambda g: g.spaces.OneOf([box(g)]).seed("x"),
    "oneof-seeds": lambda g: g.spaces.OneOf([box(g)]).seed((1, 2, 3)),
    "sequence-type": lambda g: g.spaces.Sequence(3),
    "sequence-both": lambda g: both(g.spaces.Sequence(box(g)), (None, None)),
    "sequence-seed": lambda g: g.spaces.Sequence(box(g)).seed("x"),
    "sequence-seeds": lambda g: g.spaces.Sequence(box(g)).seed((1, 2, 3)),
    "sequence-length": lambda g: g.spaces.Sequence(box(g)).sample(mask=("a", None)),
    "space-sample": lambda g: g.Space().sample(),
    "space-contains": lambda g: g.Space().contains(1),
    "space-flattens": lambda g: g.Space().is_np_flattenable,
    "text-min-type": lambda g: g.spaces.Text(3, min_length=1.5),
    "text-max-type": lambda g: g.spaces.Text(1.5),
    "text-min": lambda g: g.spaces.Text(3, min_length=-1),
    "text-order": lambda g: g.spaces.Text(1, min_length=2),
    "text-charset": lambda g: g.spaces.Text(3, charset=frozenset(["ab"])),
    "text-both": lambda g: both(g.spaces.Text(3), (None, None)),
    "text-mask": lambda g: g.spaces.Text(3, charset="ab").sample(mask=(None, np.zeros(2, np.int8))),
    "tuple-both": lambda g: both(g.spaces.Tuple([g.spaces.Discrete(2)]), (None,)),
    "tuple-element": lambda g: g.spaces.Tuple([3]),
    "tuple-seed": lambda g: g.spaces.Tuple([box(g)]).seed("x"),
    "tuple-seeds": lambda g: g.spaces.Tuple([box(g)]).seed((1, 2)),
    "flatdim-own": lambda g: g.spaces.utils.flatdim(own_space(g)),
    "flatdim-graph": lambda g: g.spaces.flatdim(g.spaces.Graph(box(g), None)),
    "flatdim-tuple": lambda g: g.spaces.flatdim(g.spaces.Tuple([g.spaces.Graph(box(g), None)])),
    "flatdim-dict": lambda g: g.spaces.flatdim(g.spaces.Dict({"a": g.spaces.Graph(box(g), None)})),
    "flatten-own": lambda g: g.spaces.flatten(own_space(g), 1),
    "unflatten-own": lambda g: g.spaces.unflatten(own_space(g), 1),
    "flatten-space-own": lambda g: g.spaces.flatten_space(own_space(g)),
    "unflatten-discrete": lambda g: g.spaces.unflatten(g.spaces.Discrete(3), np.zeros(3)),
    "unflatten-multi": lambda g: g.spaces.unflatten(g.spaces.MultiDiscrete([2, 2]), np.zeros(4)),
    # registration
    "id-form": lambda g: g.make("not an id!"),
    "no-namespace": lambda g: g.make("nowhere/CartPole-v1"),
    "no-name": lambda g: g.make("Nothing-v0"),
    "no-version": lambda g: g.make("CartPole-v99"),
    "old-version": lambda g: g.make("Taxi-v1"),
    "versioned": lambda g: registered(g, "Letter", "Letter-v0"),
    "unversioned": lambda g: registered(g, "Letter-v0", "Letter"),
    "no-entry": lambda g: g.register("LetterNone-v0"),
    "make-type": lambda g: g.make(3),
    "make-vec-type": lambda g: g.make_vec(3),
    "vec-mode": lambda g: g.make_vec("CartPole-v1", vectorization_mode="other"),
    "spec-missing": lambda g: g.spec("Nothing-v0"),
    "module-missing": lambda g: g.make("no_such_module_at_all:CartPole-v1"),
    "make-foreign": lambda g: made(g, Foreign),
    "make-failing": lambda g: made(g, lambda: 1 / 0),
    "make-arguments": lambda g: g.make("CartPole-v1", no_such_argument=1),
    "spec-callable": lambda g: g.envs.registration.EnvSpec("Letter-v0", lambda: None).to_json(),
    "spec-json": lambda g: g.envs.registration.EnvSpec.from_json(json.dumps({"nothing": 1})),
    "only-vector-entry": lambda g: g.make(
        g.envs.registration.EnvSpec("Letter-v0", vector_entry_point=lambda: 1)
    ),
    "vec-sync-no-entry": lambda g: g.make_vec(
        g.envs.registration.EnvSpec("Letter-v0", vector_entry_point=lambda: 1),
        vectorization_mode="sync",
    ),
    "vec-async-no-entry": lambda g: g.make_vec(
        g.envs.registration.EnvSpec("Letter-v0", vector_entry_point=lambda: 1),
        vectorization_mode="async",
    ),
    "vec-no-vector-entry": lambda g: g.make_vec(
        g.envs.registration.EnvSpec("Letter-v0", entry_point=lambda: 1),
        vectorization_mode="vector_entry_point",
    ),
    "vec-kwargs": lambda g: g.make_vec(
        g.envs.registration.EnvSpec("Letter-v0", vector_entry_point=lambda: 1),
        vectorization_mode="vector_entry_point",
        vector_kwargs={"copy": False},
    ),
    "vec-wrappers": lambda g: g.make_vec(
        "CartPole-v1",
        vectorization_mode="vector_entry_point",
        wrappers=[g.wrappers.FlattenObservation],
    ),
    "vec-unknown-id": lambda g: g.make_vec("Nothing-v0"),
    # seeds
    "seed-type": lambda g: g.utils.seeding.np_random("a"),
    "seed-value": lambda g: g.utils.seeding.np_random(-1),
    # conversions
    "array-api": lambda g: g.wrappers.array_conversion.module_namespace(json),
    "call-reset": lambda g: asynchronous(g, lambda envs: envs.call("reset")),
    "timeout": lambda g: asynchronous(g, timed_out),
    "pending-reset": lambda g: asynchronous(
        g, lambda envs: (envs.reset_async(), envs.reset_async())
    ),
    "pending-step": lambda g: asynchronous(
        g, lambda envs: (envs.reset_async(), envs.step_async(envs.action_space.sample()))
    ),
    "pending-call": lambda g: asynchronous(
        g, lambda envs: (envs.reset_async(), envs.call_async("render"))
    ),
    "pending-set-attr": lambda g: asynchronous(
        g, lambda envs: (envs.reset_async(), envs.set_attr("x", 1))
    ),
    "closed": lambda g: used_closed(g),
    # what a class leaves to its subclasses
    "env-step": lambda g: g.Env().step(0),
    "env-render": lambda g: g.Env().render(),
    "observation-undefined": lambda g: g.ObservationWrapper(env_of(g)).observation(0),
    "reward-undefined": lambda g: g.RewardWrapper(env_of(g)).reward(0),
    "action-undefined": lambda g: g.ActionWrapper(env_of(g)).action(0),
    # more of registration
    "wrapper-json": lambda g: g.envs.registration.EnvSpec.from_json(
        json.dumps({"id": "Letter-v0", "additional_wrappers": [{"nothing": 1}]})
    ),
    "env-json": lambda g: g.envs.registration.EnvSpec.from_json(
        json.dumps({"id": "Letter-v0", "additional_wrappers": [], "nothing": 1})
    ),
    "old-only": lambda g: g.make("CliffWalking-v0"),
    "wrapper-unrecorded": lambda g: respecified(g),
    "vec-additional": lambda g: g.make_vec(
        with_wrapper(g), vectorization_mode="vector_entry_point"
    ),
    "spec-unknown-id": lambda g: g.spec("Letter-v0"),
    # more of vectors
    "async-worker": lambda g: g.vector.AsyncVectorEnv([lambda: env_of(g)], worker=lambda: None),
    **{
        f"async-mask-{name}": lambda g, mask=mask: asynchronous(
            g, lambda envs: (envs.reset(), envs.reset(options={"reset_mask": mask}))
        )
        for name, mask in {
            "shape": np.array([True]),
            "dtype": np.array([1, 0]),
            "empty": np.array([False, False]),
        }.items()
    },
    "async-observations": lambda g: g.vector.AsyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, box(g, 0, 3))]
    ),
    "async-different": lambda g: g.vector.AsyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, box(g, shape=(3,)))],
        observation_mode=(box(g, shape=(2, 2)), box(g)),
    ),
    "async-actions": lambda g: g.vector.AsyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, action_space=g.spaces.Discrete(2))]
    ),
    "async-call-step": lambda g: asynchronous(g, lambda envs: envs.call("step", 0)),
    "sync-own-spaces": lambda g: g.vector.SyncVectorEnv(
        [lambda: env_of(g), lambda: env_of(g, box(g, shape=(3,)))],
        observation_mode=(box(g, shape=(2, 2)), box(g)),
    ),
    "differing-own": lambda g: g.vector.utils.batch_differing_spaces([Foreign(), Foreign()]),
    "differing-start": lambda g: g.vector.utils.batch_differing_spaces(
        [g.spaces.MultiDiscrete([2]), reshaped_start(g)]
    ),
    "same-step-observations": lambda g: g.wrappers.vector.NormalizeObservation(
        vector_of(g, autoreset_mode="nothing")
    ),
    "vector-human-fps": lambda g: g.wrappers.vector.HumanRendering(
        vector_of(g, env=lambda: env_of(g, render_mode="rgb_array"))
    ),
    "observations-mode": lambda g: g.wrappers.vector.RescaleObservation(loose(g, mode=3), 0, 1),
    "statistics-mode": lambda g: g.wrappers.vector.RecordEpisodeStatistics(loose(g, mode=3)),
    **{
        f"loose-mask-{name}": lambda g, mask=mask: g.wrappers.vector.RecordEpisodeStatistics(
            loose(g)
        ).reset(options={"reset_mask": mask})
        for name, mask in {
            "type": [True, False],
            "shape": np.array([True]),
            "dtype": np.array([1, 0]),
            "empty": np.array([False, False]),
        }.items()
    },
    # more of wrappers
    "conversion": lambda g: g.wrappers.array_conversion.array_conversion(object(), np),
    "reshape-no-tuple": lambda g: g.wrappers.ReshapeObservation(env_of(g), [2]),
    "flat-own": lambda g: g.spaces.flatdim(flattening(g)),
    "equivalent-own": lambda g: g.spaces.utils.is_space_dtype_shape_equiv(
        own_space(g), own_space(g)
    ),
    "equivalent-foreign": lambda g: g.spaces.utils.is_space_dtype_shape_equiv(3, 3),
    "rescale-crossed": lambda g: g.wrappers.utils.rescale_box(crossed(g), 0, 1),
    **{
        f"atari-{name}": lambda g, kwargs=kwargs: g.wrappers.AtariPreprocessing(
            atari(g), **{"frame_skip": 1, "noop_max": 0, **kwargs}
        )
        for name, kwargs in {
            "skip": {"frame_skip": 0},
            "size": {"screen_size": 0},
            "skips-twice": {"frame_skip": 4},
            "noops": {"noop_max": -1},
            "meanings": {"noop_max": 3},
        }.items()
    },
}


def respecified(g):
    class Keeping(g.Wrapper):
        """Keeps no arguments."""

    env = Keeping(g.make("CartPole-v1"))
    return g.make(env.spec)


def with_wrapper(g):
    spec = g.spec("CartPole-v1")
    env = g.wrappers.FlattenObservation(g.make(spec))
    return env.spec


def reshaped_start(g):
    space = g.spaces.MultiDiscrete([2])
    space.start = np.zeros((1, 1), np.int64)
    return space


def crossed(g):
    space = box(g)
    space.low, space.high = space.high + 1, space.low
    return space


def flattening(g):
    class Flattening(type(own_space(g))):
        is_np_flattenable = True

    return Flattening()


def loose(g, mode=None):
    """Return a vector that checks nothing."""

    class Loose(g.vector.VectorEnv):
        num_envs = 2
        single_observation_space = single_action_space = box(g)
        observation_space = action_space = box(g, shape=(2, 2))

        def reset(self, *, seed=None, options=None):
            return self.observation_space.sample(), {}

    envs = Loose()
    envs.metadata = {"autoreset_mode": mode or g.vector.AutoresetMode.NEXT_STEP}
    return envs


def atari(g):
    env = image_env(g)
    env._frameskip = 4
    env.ale = type("Ale", (), {"getScreenDims": lambda _: (8, 8)})()
    env.get_action_meanings = lambda: ["FIRE"]
    return env


def timed_out(envs):
    envs.reset_async(options={"seconds": 0.5})
    return envs.reset_wait(timeout=0)


def used_closed(g):
    envs = g.vector.AsyncVectorEnv([lambda: env_of(g)] * 2)
    envs.close()
    envs.reset()


def registered(g, *ids):
    try:
        for env_id in ids:
            g.register(env_id, entry_point=Foreign)
    finally:
        for env_id in ids:
            g.registry.pop(env_id, None)


def made(g, entry_point):
    spec = g.envs.registration.EnvSpec("LetterMade-v0", entry_point=entry_point)
    return g.make(spec)
