"""`VectorWrapper` and its forms."""

import numpy as np
import pytest
from vector_cases import MODES, OURS, PEER, assert_same, make_vector

from dromos import error
from dromos.vector import (
    VectorActionWrapper,
    VectorEnv,
    VectorObservationWrapper,
    VectorRewardWrapper,
    VectorWrapper,
)

SPACES = OURS.spaces


class Doubled(VectorObservationWrapper):
    def observations(self, observations):
        return observations * 2


class Shifted(VectorActionWrapper):
    def actions(self, actions):
        return np.asarray(actions) + 1


class Clipped(VectorRewardWrapper):
    def rewards(self, rewards):
        return np.clip(rewards, 0.0, 0.5)


class Counting(VectorWrapper):
    """A wrapper that changes `step` and knows nothing of `recv`."""

    def __init__(self, env):
        super().__init__(env)
        self.steps = 0

    def step(self, actions):
        self.steps += 1
        return super().step(actions)


def zeros(count=3):
    return np.zeros(count, dtype=np.int64)


def test_everything_is_passed_on():
    inner = make_vector(OURS, "box")
    wrapped = VectorWrapper(inner)
    assert wrapped.unwrapped is inner
    assert repr(wrapped) == "<VectorWrapper, SyncVectorEnv(num_envs=3)>"
    for name in (
        "observation_space",
        "action_space",
        "single_observation_space",
        "single_action_space",
        "metadata",
        "num_envs",
        "spec",
        "render_mode",
        "closed",
    ):
        assert getattr(wrapped, name) is getattr(inner, name)
    wrapped.reset(seed=3)
    assert wrapped.np_random_seed == (3, 4, 5)
    assert [g is h for g, h in zip(wrapped.np_random, inner.np_random, strict=True)] == [True] * 3
    wrapped.step(zeros())
    assert_same(wrapped.final_obs, inner.final_obs)
    assert_same(wrapped.valid_transition, inner.valid_transition)
    wrapped.send(zeros(), [2, 1, 0])
    assert wrapped.recv()[4]["lane_ids"].tolist() == [2, 1, 0]
    wrapped.async_reset(seed=1)
    wrapped.recv()
    wrapped.close()
    assert inner.closed
    assert wrapped.closed


def test_own_spaces_and_metadata_come_first():
    inner = make_vector(OURS, "box")
    wrapped = VectorWrapper(inner)
    for name in (
        "observation_space",
        "action_space",
        "single_observation_space",
        "single_action_space",
        "metadata",
    ):
        own = {"own": True} if name == "metadata" else SPACES.Discrete(5)
        setattr(wrapped, name, own)
        assert getattr(wrapped, name) is own
        assert getattr(inner, name) is not own


def test_only_vectors_are_wrapped():
    with pytest.raises(TypeError, match=r"VectorEnv.*<class 'int'>"):
        VectorWrapper(3)


def test_attributes_are_not_forwarded():
    with pytest.raises(AttributeError):
        _ = VectorWrapper(make_vector(OURS, "box")).envs


@pytest.mark.parametrize("mode", MODES)
def test_observations_are_changed_everywhere(mode):
    plain, changed = (make_vector(OURS, "box", autoreset_mode=mode) for _ in range(2))
    wrapped = Doubled(changed)
    assert_same(wrapped.reset(seed=1)[0], plain.reset(seed=1)[0] * 2)
    for _ in range(15):
        obs, *rest, infos = plain.step(zeros())
        shown, *shown_rest, shown_infos = wrapped.step(zeros())
        assert_same(shown, obs * 2)
        assert_same(shown_rest, rest)
        assert_same(wrapped.final_obs, plain.final_obs * 2)
        assert shown_infos.keys() == infos.keys()
        for lane in np.flatnonzero(infos.get("_final_obs", [])):
            assert_same(shown_infos["final_obs"][lane], infos["final_obs"][lane] * 2)
        ended = rest[1] | rest[2]
        if mode == "Disabled" and ended.any():
            for vector in (plain, wrapped):
                vector.reset(options={"reset_mask": ended})


@pytest.mark.parametrize("kind", ["dict", "text", "custom", "discrete"])
def test_final_observations_of_any_space_are_changed(kind):
    class Same(VectorObservationWrapper):
        seen = 0

        def observations(self, observations):
            assert observations in self.env.observation_space
            self.seen += 1
            return observations

    plain, changed = (make_vector(OURS, kind, autoreset_mode="SameStep") for _ in range(2))
    wrapped = Same(changed)
    assert_same(wrapped.reset(seed=1), plain.reset(seed=1))
    for _ in range(10):
        actions = plain.action_space.sample()
        assert_same(wrapped.step(actions), plain.step(actions))
    assert wrapped.seen > 11


def test_final_observations_may_have_a_rule_of_their_own():
    class Numbered(VectorObservationWrapper):
        calls = 0

        def observations(self, observations):
            self.calls += 1
            return observations

        def final_observations(self, observations):
            return observations

    wrapped = Numbered(make_vector(OURS, "box", autoreset_mode="SameStep"))
    wrapped.reset(seed=0)
    for step in range(10):
        wrapped.step(zeros())
        assert wrapped.final_obs.shape == (3, 2, 3)
        assert wrapped.calls == step + 2


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_received_observations_are_changed(mode):
    plain, changed = (
        make_vector(OURS, "box", 4, autoreset_mode=mode, batch_size=2) for _ in range(2)
    )
    wrapped = Doubled(changed)
    for vector in (plain, wrapped):
        vector.async_reset(seed=1)
    for _ in range(20):
        obs, *_, infos = plain.recv()
        shown, *_, shown_infos = wrapped.recv()
        assert_same(shown, obs * 2)
        assert_same(wrapped.final_obs, plain.final_obs * 2)
        for row in np.flatnonzero(infos.get("_final_obs", [])):
            assert_same(shown_infos["final_obs"][row], infos["final_obs"][row] * 2)
        for vector in (plain, wrapped):
            vector.send(zeros(2), infos["lane_ids"])


def test_actions_are_changed():
    wrapped = Shifted(make_vector(OURS, "box"))
    wrapped.reset(seed=2)
    seen = wrapped.step([0, 1, 2])[4]["action"]
    assert seen.tolist() == ["np.int64(1)", "np.int64(2)", "np.int64(3)"]
    wrapped.reset(seed=2)
    wrapped.send([4], [1])
    wrapped.send([0, 0], [0, 2])
    assert wrapped.recv()[4]["action"].tolist() == ["np.int64(5)", "np.int64(1)", "np.int64(1)"]


def test_rewards_are_changed():
    plain, changed = (make_vector(OURS, "box") for _ in range(2))
    wrapped = Clipped(changed)
    for vector in (plain, wrapped):
        vector.reset(seed=2)
    assert_same(wrapped.step(zeros())[1], np.clip(plain.step(zeros())[1], 0.0, 0.5))
    for vector in (plain, wrapped):
        vector.send(zeros())
    assert_same(wrapped.recv()[1], np.clip(plain.recv()[1], 0.0, 0.5))


def test_a_wrapper_that_knows_only_step_is_not_passed_by():
    wrapped = Counting(make_vector(OURS, "box"))
    wrapped.reset(seed=0)
    wrapped.step(zeros())
    assert wrapped.steps == 1
    for call in (lambda: wrapped.send(zeros()), wrapped.recv, wrapped.async_reset):
        with pytest.raises(NotImplementedError, match="Counting changes `step` but not `recv`"):
            call()

    class Receiving(Counting):
        def recv(self):
            self.steps += 1
            return self.env.recv()

    wrapped = Receiving(make_vector(OURS, "box"))
    wrapped.async_reset(seed=0)
    wrapped.recv()
    assert wrapped.steps == 1


def test_a_vector_without_an_autoreset_mode_is_warned_about():
    class Unknown(VectorEnv):
        num_envs = 2

    with pytest.warns(UserWarning, match="missing `autoreset_mode` metadata key"):
        Doubled(Unknown())


def test_what_the_forms_leave_to_define():
    inner = make_vector(OURS, "box")
    inner.reset(seed=0)
    for form, call in (
        (VectorObservationWrapper, "observations"),
        (VectorActionWrapper, "actions"),
        (VectorRewardWrapper, "rewards"),
    ):
        with pytest.raises(NotImplementedError, match=call):
            form(inner).step(zeros())


def test_wrappers_give_what_the_peers_give():
    class PeerClipped(PEER.vector.VectorRewardWrapper):
        def rewards(self, rewards):
            return np.clip(rewards, 0.0, 0.5)

    ours, peer = Clipped(make_vector(OURS, "box")), PeerClipped(make_vector(PEER, "box"))
    assert_same(ours.reset(seed=1), peer.reset(seed=1))
    for _ in range(10):
        assert_same(ours.step(zeros()), peer.step(zeros()))


def test_masked_resets_pass_through_unchanged():
    wrapped = Doubled(make_vector(OURS, "box"))
    wrapped.reset(seed=0)
    options = {"reset_mask": np.array([True, False, False])}
    wrapped.reset(options=options)
    assert list(options) == ["reset_mask"]
    with pytest.raises(error.ResetNeeded):
        Doubled(make_vector(OURS, "box")).reset(options=options)
