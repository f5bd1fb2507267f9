"""What a script steps, seen by a page: what is shown, and what it costs the script."""

import copy
import pickle
import threading
import time

import numpy as np
import pytest
from browser import PATIENCE

import dromos as gym
from dromos.spaces import Box, Dict, Discrete
from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.viewer import LiveView, VectorLiveView


def cart(**arguments):
    return gym.make("CartPole-v1", render_mode="rgb_array", **arguments)


def carts(n, **arguments):
    return gym.make_vec("CartPole-v1", n, render_mode="rgb_array", **arguments)


class Parts(gym.Env):
    """Observations of several kinds, rewards that are no finite numbers, infos that nest."""

    observation_space = Dict(a=Box(-1, 1, (2,), np.float32), image=Box(0, 255, (9, 9, 3), np.uint8))
    action_space = Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        info = {"deep": {"x": np.float32(2.5)}, "text": "<b>hi</b>", "nan": float("nan"), "o": self}
        return self.observation_space.sample(), float("inf"), False, False, info


def until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_while_nobody_looks_step_is_the_inner_one(visit):
    for env in (gym.view(cart()), gym.view(carts(3))):
        with env:
            env.reset(seed=0)
            env.step(env.action_space.sample())
            assert env.step == env.env.step
            visitor = visit(env.url)
            until(lambda env=env: env._watch.eyes)
            env.step(env.action_space.sample())
            assert visitor.until(lambda told: told["total"])["mode"] == "script"
            assert env.step != env.env.step
            visitor.close()
            until(lambda env=env: not env._watch.eyes)
            env.step(env.action_space.sample())
            assert env.step == env.env.step


def test_a_page_that_shows_nothing_counts_as_nobody(visit):
    with gym.view(carts(3)) as envs:
        envs.reset(seed=0)
        visit(envs.url)  # never says that it is ready
        until(lambda: envs._watch.eyes)
        envs.step(envs.action_space.sample())
        until(lambda: "step" in envs.__dict__)


def test_a_subclass_that_steps_is_not_passed_by():
    class Doubles(LiveView):
        def step(self, action):
            observation, reward, *rest = super().step(action)
            return observation, 2 * reward, *rest

    with Doubles(cart()) as env:
        env.reset(seed=0)
        assert env.step(0)[1] == 2.0


def test_the_page_is_no_part_of_the_environment():
    env = cart()
    with LiveView(env) as shown:
        assert shown.spec == env.spec
        assert str(shown).startswith("<LiveView")
        shown.reset(seed=0)
        for twin in (shown.clone(), copy.deepcopy(shown), pickle.loads(pickle.dumps(shown))):
            assert (twin.url, twin.viewer) == ("", None)
            assert "No viewer" in twin._repr_html_()
            assert np.array_equal(twin.step(1)[0], env.clone().step(1)[0])
        saved = shown.snapshot()
        first = shown.step(1)[0]
        shown.restore(saved)
        assert np.array_equal(shown.step(1)[0], first)
        assert "iframe" in shown._repr_html_()
    with VectorLiveView(carts(3)) as envs:
        envs.reset(seed=0)
        twin = envs.clone()
        assert twin.url == ""
        assert np.array_equal(twin.step(np.ones(3, int))[0], envs.step(np.ones(3, int))[0])


def test_pause_step_and_speed_hold_the_script_up(visit, script):
    envs = gym.view(carts(8))
    with envs, script(envs) as training:
        visitor = visit(envs.url)
        visitor.until(lambda told: told["total"] > 0)
        assert visitor.ask("pause") == {"done": "pause"}
        visitor.until(lambda told: told["paused"])
        steps = training.steps
        visitor.ask("step", 3)
        visitor.until(lambda told: training.steps == steps + 3)
        time.sleep(0.05)
        assert training.steps == steps + 3
        assert "the script makes the steps" in visitor.ask("reset", 1)["error"]
        assert "nothing to return from" in visitor.ask("return")["error"]
        visitor.close()  # nobody is left who could let it go on
        until(lambda: training.steps > steps + 100)


def test_returns_lengths_and_ends_of_lanes(visit, script):
    envs = gym.view(carts(5))
    with envs, script(envs):
        told = visit(envs.url).until(lambda told: len(told["ends"]) > 20)
    for _, lane, total, length, how in told["ends"]:
        assert 0 <= lane < 5
        assert total == length >= 8
        assert how == "terminated"
    assert len(told["rows"]) == 4
    assert sum(told["actions"]["counts"]) == 5


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_tallies_in_every_autoreset_mode(mode):
    from dromos.viewer.run import Run
    from dromos.viewer.subject import subject_of

    envs = carts(6, autoreset_mode=mode)
    run = Run(subject_of(envs))
    assert mode != AutoresetMode.DISABLED or run.subject.resets_itself is None
    run.started(*envs.reset(seed=0), 0, None)
    envs.action_space.seed(0)
    lengths, ends = np.zeros(6, int), []
    ended = np.zeros(6, bool)
    for _ in range(200):
        if mode == AutoresetMode.DISABLED and ended.any():
            options = {"reset_mask": ended}
            run.started(*envs.reset(options=options), None, options)
            lengths[ended] = 0
        actions = envs.action_space.sample()
        result = envs.step(actions)
        run.stepped(actions, run.subject.outcome(result))
        lengths = np.where(envs.valid_transition, lengths + 1, 0)
        ended = result[2] | result[3]
        ends += [(lane, lengths[lane]) for lane in np.flatnonzero(ended)]
        assert run.tally.lengths.tolist() == lengths.tolist()
        if mode == AutoresetMode.SAME_STEP:
            lengths[ended] = 0
    assert [(end.lane, end.length) for end in run.tally.ends] == ends[-200:]
    assert not run.tally.partial.any()
    envs.close()


def test_tallies_over_an_environment_that_resets_itself():
    from dromos.viewer.run import Run
    from dromos.viewer.subject import subject_of

    env = gym.wrappers.Autoreset(gym.make("CartPole-v1"))
    run = Run(subject_of(env))
    run.started(*env.reset(seed=0), 0, None)
    lengths, ended = [0], False
    for _ in range(60):
        result = env.step(1)
        run.stepped(1, run.subject.outcome(result))
        lengths.append(0 if ended else lengths[-1] + 1)
        ended = result[2]
        assert run.step == run.tally.returns[0] == lengths[-1]
    assert len(run.tally.ends) > 4


def test_workers_and_branches(visit, script):
    envs = gym.view(carts(4, vectorization_mode="async"))
    with envs, script(envs) as training:
        visitor = visit(envs.url)
        visitor.until(lambda told: told["moments"] and told.get("picture"))
        assert visitor.ask("lanes", [3, 1]) == {"done": "lanes"}
        visitor.until(lambda told: told["shown"] == [3, 1] and told["moments"])
        assert visitor.ask("branch") == {"done": "branch"}
        visitor.until(lambda told: told["mode"] == "branch")
        steps = training.steps
        assert visitor.ask("step", 5) == {"done": "step"}
        until(lambda: training.steps > steps + 20)  # at full speed meanwhile
        assert visitor.ask("return") == {"done": "return"}
        visitor.until(lambda told: told["mode"] == "script")


def test_going_back_in_a_script_branches_off(visit, script):
    env = gym.view(cart())
    with env, script(env) as training:
        visitor = visit(env.url)
        visitor.until(lambda told: told["total"])
        visitor.ask("pause")
        visitor.ask("snapshot")
        told = visitor.until(lambda told: told["paused"] and told["moments"])
        assert visitor.ask("back", told["moments"][-1][0]) == {"done": "back"}
        told = visitor.until(lambda told: told["mode"] == "branch" and told["observation"])
        assert told["paused"]
        steps = training.steps
        until(lambda: training.steps > steps)


def test_send_and_recv_show_numbers(visit):
    with gym.view(carts(4, vectorization_mode="sync", vector_kwargs={"batch_size": 2})) as envs:
        envs.async_reset(seed=0)
        visitor = visit(envs.url)
        until(lambda: envs._watch.eyes)
        enough = threading.Event()

        def move():
            while not enough.is_set():
                _, _, _, _, infos = envs.recv()
                envs.send(np.ones(2, int), infos["lane_ids"])

        moving = threading.Thread(target=move)
        moving.start()
        told = visitor.until(lambda told: told["focus"]["length"] > 2)
        enough.set()
        moving.join()
        assert told["focus"]["return"] == told["focus"]["length"]


def test_values_of_all_kinds(visit, script):
    env = gym.view(Parts())
    with env, script(env):
        told = visit(env.url).until(lambda told: told["info"])
    assert told["focus"]["reward"] == "inf"
    small, large = told["observation"]
    assert (small["name"], small["shape"]) == ("a", [2])
    assert (large["about"], len(large["extent"])) == ("9 × 9 × 3 uint8", 3)
    shown = {part["name"]: part.get("values", part.get("text")) for part in told["info"]}
    assert shown["deep.x"] == [2.5]
    assert shown["text"] == "<b>hi</b>"
    assert shown["nan"] == ["nan"]
    assert "Parts" in shown["o"]


def test_frames_that_cannot_be_drawn(visit, script):
    class Bad(Parts):
        render_mode = "rgb_array"

        def render(self):
            raise OSError("no screen")

    env = gym.view(Bad())
    with env, script(env):
        told = visit(env.url).until(lambda told: told["why_no_frames"])
    assert told["why_no_frames"] == "no pictures: OSError: no screen"


def test_lanes_of_python_environments(visit, script):
    envs = gym.view(SyncVectorEnv([Parts, Parts]))
    with envs, script(envs):
        told = visit(envs.url).until(lambda told: told["info"])
    assert (told["actions"]["start"], sum(told["actions"]["counts"])) == (0, 2)
    assert {part["name"] for part in told["info"]} >= {"deep.x", "text"}
