"""``import gymnasium`` as release 0.29."""

from alias_programs import output, run

INSTALL = "from dromos.compat.gymnasium import install\ninstall('0.29')\n"


def test_its_modules_come_first_and_ours_fill_in():
    said = output(
        "-c",
        INSTALL + "import gymnasium as gym, dromos, importlib.metadata as m\n"
        "from gymnasium.wrappers import FrameStack, GrayScaleObservation\n"
        "from gymnasium.wrappers.frame_stack import LazyFrames\n"
        "from gymnasium.envs.classic_control.cartpole import CartPoleEnv\n"
        "import gymnasium.vector.utils\n"
        "import dromos.compat.gymnasium_v029 as old\n"
        "assert gym.wrappers is old.wrappers and FrameStack is old.wrappers.FrameStack\n"
        "assert gym.spaces is dromos.spaces and gym.Env is old.Env\n"
        "assert gym.vector.SyncVectorEnv is old.vector.SyncVectorEnv and gym.make is old.make\n"
        "assert gymnasium.vector.utils.batch_space is dromos.vector.utils.batch_space\n"
        "assert isinstance(dromos.make('CartPole-v1'), gym.Env)\n"
        "assert type(gym.make('CartPole-v1').unwrapped) is CartPoleEnv\n"
        "print(gym.__version__, m.version('gymnasium'))\n",
    )
    assert said.split() == ["0.29.1", "0.29.1"]


def test_a_name_of_today_is_pointed_to():
    failed = run("-c", INSTALL + "import gymnasium; gymnasium.wrappers.GrayscaleObservation")
    assert "The nearest is `gymnasium.wrappers.GrayScaleObservation`" in failed.stderr
    assert "It is a name of release 1.4: choose that with `--api 1.4`" in failed.stderr
