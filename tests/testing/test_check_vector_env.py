"""`check_vector_env`: each fault of a vector is found; those of the catalogue have none."""

import gymnasium
import numpy as np
import pytest
from built_in import BUILT_IN

import dromos as gym
from dromos.testing import CheckFailed, check_vector_env, report_on_vector_env
from dromos.vector import AutoresetMode, SyncVectorEnv, VectorWrapper
from dromos.vector.autoreset import RUNNING

NEXT, SAME, DISABLED = AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED


def lane():
    return gym.make("CartPole-v1", render_mode="rgb_array", max_episode_steps=15)


class Sound(SyncVectorEnv):
    """Three lanes of CartPole."""

    def __init__(self, mode=NEXT, **kwargs):
        super().__init__([lane] * 3, autoreset_mode=mode, **kwargs)


class Changed(Sound):
    """Changes what `step` returns."""

    def step(self, actions):
        return self.changed(*super().step(actions))


class ListRewards(Changed):
    def changed(self, obs, rewards, terminated, truncated, infos):
        return obs, rewards.tolist(), terminated, truncated, infos


class IntFlags(Changed):
    def changed(self, obs, rewards, terminated, truncated, infos):
        return obs, rewards, terminated.astype(int), truncated, infos


class FourValues(Changed):
    def changed(self, obs, rewards, terminated, truncated, infos):
        return obs, rewards, terminated | truncated, infos


class Float64(Changed):
    def changed(self, obs, *rest):
        return obs.astype(np.float64), *rest


class NoMask(Changed):
    def changed(self, obs, rewards, terminated, truncated, infos):
        return obs, rewards, terminated, truncated, {**infos, "speed": np.zeros(3)}


class ShortColumn(Changed):
    def changed(self, obs, rewards, terminated, truncated, infos):
        told = {"speed": np.zeros(2), "_speed": np.ones(3, np.bool_)}
        return obs, rewards, terminated, truncated, {**infos, **told}


class RewardsResets(Changed):
    def changed(self, obs, rewards, *rest):
        return obs, rewards + 1, *rest


class HidesFinalObs(Changed):
    def __init__(self):
        super().__init__(SAME)

    def changed(self, obs, rewards, terminated, truncated, infos):
        return obs, rewards, terminated, truncated, {}


class StepsOn(Sound):
    """Steps lanes whose episodes have ended."""

    def __init__(self):
        super().__init__(DISABLED)

    def step(self, actions):
        self._lanes.episodes.status[:] = RUNNING
        return super().step(actions)


class OneSeed(Sound):
    def reset(self, *, seed=None, options=None):
        return super().reset(seed=[seed] * 3 if isinstance(seed, int) else seed, options=options)


class NoSeed(Sound):
    def reset(self, *, seed=None, options=None):
        return super().reset(seed=None, options=options)


class TakesTheMask(Sound):
    def reset(self, *, seed=None, options=None):
        mask = None if options is None else options.pop("reset_mask", None)
        given = None if mask is None else {"reset_mask": mask}
        return super().reset(seed=seed, options=given)


class TurnsTheMask(Sound):
    def reset(self, *, seed=None, options=None):
        result = super().reset(seed=seed, options=options)
        if options is not None and "reset_mask" in options:
            options["reset_mask"][:] = False
        return result


class ResetsAll(Sound):
    def reset(self, *, seed=None, options=None):
        return super().reset(seed=seed)


class NoMode(Sound):
    def __init__(self):
        super().__init__()
        self.metadata = {}


class OtherSpace(Sound):
    def __init__(self):
        super().__init__()
        self.action_space = gym.spaces.MultiDiscrete([2, 2])


class OneBuffer(Sound):
    def __init__(self):
        super().__init__(copy=False)
        self.copy = True


class OneFrame(Sound):
    def render(self):
        return super().render()[:1]


class GreyFrames(Sound):
    def render(self):
        return tuple(frame[:, :, 0] for frame in super().render())


class ClosesOnce(Sound):
    def close(self, **kwargs):
        if self.closed:
            raise RuntimeError("closed")
        super().close(**kwargs)


class WrongValid(Sound):
    @property
    def valid_transition(self):
        return np.ones(3, np.bool_)


class WrongFinal(Sound):
    @property
    def final_obs(self):
        return super().final_obs * 0


class OtherRecv(Sound):
    def recv(self):
        obs, rewards, *rest = super().recv()
        return obs, rewards * 2, *rest


class NoLaneIds(Sound):
    def recv(self):
        *result, _ = super().recv()
        return *result, {}


class OneLaneAgain(Sound):
    def send(self, actions, lane_ids=None):
        self.first = [column[:1] for column in self.step(actions)[:4]]

    def recv(self):
        return *self.first, {"lane_ids": np.zeros(1, np.int64)}


class OtherLanes(Sound):
    """Its lanes are not what they are said to be."""

    def step(self, actions):
        return super().step(1 - actions)


A, W = AssertionError, UserWarning
FAULTS = [
    (ListRewards, A, "step().rewards", "wrong form"),
    (IntFlags, A, "step().terminations", "wrong form"),
    (FourValues, A, "step()", "must be a tuple of 5"),
    (Float64, W, "step().obs", "dtype"),
    (NoMask, A, 'step().infos["_speed"]', "has a mask"),
    (ShortColumn, A, 'step().infos["speed"]', "a row for each lane"),
    (RewardsResets, A, "step().rewards[0]", "is a reset"),
    (HidesFinalObs, A, 'step().infos["_final_obs"]', "In SAME_STEP mode"),
    (StepsOn, A, "step() after an episode's end", "was stepped"),
    (OneSeed, A, "reset(seed=[123, 124, …])[1, 0]", "list of the lanes' seeds"),
    (NoSeed, A, "reset(seed=123)[0, 0]", "Equal seeds"),
    (TakesTheMask, A, 'reset(options={"reset_mask": …})', "changes the options"),
    (TurnsTheMask, A, 'options["reset_mask"]', "changes the mask"),
    (ResetsAll, A, 'reset(options={"reset_mask": …}), lanes [1][0, 0]', "other lanes"),
    (NoMode, A, 'metadata["autoreset_mode"]', "must tell its autoreset mode"),
    (OtherSpace, A, "action_space", "not that of one lane, batched"),
    (OneBuffer, A, "step().obs", "share memory"),
    (OneFrame, A, "render()", "a frame for each lane"),
    (GreyFrames, W, "render()[0]", "three axes"),
    (ClosesOnce, W, "close() after close()", "should be allowed"),
    (WrongValid, A, "valid_transition", "valid_transition is True"),
    (WrongFinal, A, "final_obs, lanes [0, 1, 2][0, 0]", "final_obs is the observation"),
    (OtherRecv, A, "recv()[0][0]", "other results than `step`"),
    (NoLaneIds, A, 'recv().infos["lane_ids"]', "which lanes"),
    (OneLaneAgain, A, 'recv().infos["lane_ids"]', "each lane that was sent once"),
    (OtherLanes, A, "step 0.obs[0, 1]", "not the environment of its seed"),
]


@pytest.mark.parametrize(("kind", "severity", "path", "text"), FAULTS)
def test_each_fault(kind, severity, path, text):
    report = report_on_vector_env(kind(), lane, steps=60)
    faults = report.warnings if severity is W else report.errors
    assert faults[0].path == path
    assert text in faults[0].known
    assert faults[0].remedy.endswith(".")
    alone = {RewardsResets, OneSeed, NoSeed, OtherLanes, TakesTheMask}  # more comes of these
    assert len(faults) == 1 or kind in alone or severity is W


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize("copy", [True, False])
def test_a_sound_vector(mode, copy):
    envs = Sound(mode, copy=copy)
    report = check_vector_env(envs, lane, steps=60)
    assert not report.errors + report.warnings
    assert envs.closed


def test_wrapped_vectors_and_vectors_without_send():
    class Changes(VectorWrapper):
        def step(self, actions):
            return self.env.step(actions)

    check_vector_env(Changes(Sound()), lane, steps=20, skip_close_check=True)


def test_raises_with_all_errors():
    with pytest.raises(CheckFailed) as caught:
        check_vector_env(type("Both", (ResetsAll, IntFlags), {})())
    assert isinstance(caught.value, AssertionError)
    with pytest.raises(TypeError, match="must inherit from VectorEnv"):
        check_vector_env(lane())


@pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")
@pytest.mark.parametrize("vectorization", ["vector_entry_point", "sync"])
@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize("env_id", BUILT_IN)
def test_the_catalogue(env_id, mode, vectorization):
    kwargs = {"autoreset_mode": mode}
    envs = gym.make_vec(env_id, 3, vectorization_mode=vectorization, vector_kwargs=kwargs)
    report = check_vector_env(envs, steps=60)
    assert not report.warnings


def test_peers_defect_of_ignored_masks_would_be_found():
    """Gymnasium's CartPole vector resets every lane, whatever the mask says."""
    theirs = gymnasium.make_vec("CartPole-v1", 3, vectorization_mode="vector_entry_point")

    class Foreign(Sound):
        def reset(self, *, seed=None, options=None):
            return theirs.reset(seed=seed if isinstance(seed, int) else None, options=options)

        def step(self, actions):
            return theirs.step(actions)

    paths = [fault.path for fault in report_on_vector_env(Foreign(), lane).errors]
    assert any(path.startswith('reset(options={"reset_mask"') for path in paths)
