"""`play`: where an episode departs, and what of it can be watched."""

import numpy as np
import pytest

import dromos as gym
from dromos.replay import EpisodeNotes, from_minari, load, play
from dromos.replay.episode import start_of_env


@pytest.mark.parametrize(
    ("line", "old", "new", "says"),
    [
        (3, '"action": 1', '"action": 0', "departs at step 2: observation was 'check "),
        (3, '"reward": 1.0', '"reward": 2.0', "departs at step 2: reward was 2.0, is 1.0"),
        (9, '"terminated": false', '"terminated": true', "step 8: terminated was True, is False"),
        (9, '"truncated": false', '"truncated": true', "step 8: truncated was True, is False"),
        (4, '"action": 1', '"action": 7', "step 3, which fails: InvalidAction: 7"),
        (1, '"check": "', '"check": "z', "departs at the reset: observation was 'check z"),
    ],
)
def test_it_says_where_it_departs(changed, line, old, new, says):
    replay = play(changed(line, old, new))
    assert not replay.equal
    assert says in str(replay)


def test_a_world_that_has_changed_is_noticed(cart):
    env = gym.make("CartPole-v1")
    episode = load(cart)
    assert play(episode, env).equal
    episode.start = None
    env.unwrapped.gravity = 12.0
    assert "departs at step 1: observation" in str(play(episode, env))  # the pole turns otherwise
    episode.seed = 4
    replay = play(episode, gym.make("CartPole-v1"))
    assert replay.departure.step == 0
    assert set(replay.departure.found) == {"observation"}


def test_it_can_be_watched_and_kept(cart):
    seen = []
    replay = play(
        cart, render_mode="rgb_array", watch=lambda env, step: seen.append((step, env.render()))
    )
    assert [step for step, _ in seen] == list(range(10))
    assert all(frame.shape == (400, 600, 3) for _, frame in seen)
    assert replay.observations == []
    observations = play(cart, keep=True).observations
    assert len(observations) == 10
    assert np.array_equal(observations[0], gym.make("CartPole-v1").reset(seed=3)[0])


def test_an_environment_of_the_user_stays_open(cart):
    env = gym.make("CartPole-v1")
    play(cart, env)
    assert env.step(0)[1] == 1.0


def test_notes_are_taken_by_hand():
    env = gym.make("CliffWalking-v1")
    observation, _ = env.reset(seed=1)
    notes = EpisodeNotes(env.observation_space, start_of_env(env, 1, None), observation)
    for action in (0, 1, 1):
        notes.step(action, *env.step(action)[:4])
    assert len(notes) == 3
    assert play(notes.finish()).equal


class Stored:
    """An episode as Minari returns one, and the dataset that has it."""

    def __init__(self, seed):
        self.spec = self
        env = gym.make("CartPole-v1")
        self.env_spec = env.spec
        self.observation_space, self.action_space = env.observation_space, env.action_space
        self.storage, self.id, self._seed = self, 0, seed
        self.actions = np.ones(5, np.int64)
        steps = [env.step(action) for action in self.actions] if env.reset(seed=7) else []
        first = gym.make("CartPole-v1").reset(seed=7)[0]
        self.observations = np.stack([first, *(step[0] for step in steps)])
        self.rewards = np.array([step[1] for step in steps])
        self.terminations = np.array([step[2] for step in steps])
        self.truncations = np.array([step[3] for step in steps])

    def iterate_episodes(self):
        return [self]

    def get_episode_metadata(self, ids):
        return [{"id": ids[0], "seed": self._seed}]


def test_datasets_become_episodes():
    (episode,) = from_minari(Stored(np.int64(7)))
    assert (episode.env_id, episode.seed, len(episode.steps)) == ("CartPole-v1", 7, 5)
    assert play(episode).equal
    (episode,) = from_minari(Stored(None))
    assert episode.remark == "the dataset does not tell the episode's seed"
    assert play(episode).departure.step == 0
