"""Seeds, errors and warnings: what everything else stands on."""

import copy
import os
import pickle
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest

from dromos import error, logger, seeding


def test_seeded_generator_is_numpys():
    rng, seed = seeding.np_random(42)
    assert seed == 42
    assert rng.random() == np.random.default_rng(42).random()


def test_entropy_seed_makes_the_generator_again():
    rng, seed = seeding.np_random()
    again, _ = seeding.np_random(seed)
    assert rng.integers(2**60) == again.integers(2**60)


def test_numpy_integers_are_seeds():
    assert seeding.np_random(np.int64(7))[0].random() == seeding.np_random(7)[0].random()


@pytest.mark.parametrize("seed", [-1, 1.5, "3", True, np.float32(2), np.bool_(1)])
def test_bad_seed_is_named(seed):
    shown = str(seed) if isinstance(seed, int) and seed < 0 else str(type(seed))
    with pytest.raises(error.Error, match=re.escape(shown)):
        seeding.np_random(seed)


def test_warnings_are_python_warnings_in_colour():
    with pytest.warns(UserWarning, match=r"\x1b\[33mWARN: low 3\x1b\[0m"):
        logger.warn("low %d", 3)
    with pytest.warns(DeprecationWarning, match="WARN: old"):
        logger.deprecation("old")
    with pytest.warns(UserWarning, match=r"\x1b\[31mERROR: bad"):
        logger.error("bad")


def test_level_drops_warnings(monkeypatch):
    monkeypatch.setattr(logger, "min_level", logger.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logger.warn("unheard")
        logger.deprecation("unheard")
    logger.setLevel(logger.WARN)
    assert logger.min_level == logger.WARN


@pytest.mark.parametrize(("options", "times"), [([], 1), (["-W", "ignore"], 0)])
def test_a_deprecation_is_shown_once_unless_the_user_hides_it(tmp_path, options, times):
    (tmp_path / "library.py").write_text(
        "from dromos import logger\ndef call():\n    logger.deprecation('old')\n"
    )
    code = "import library\nlibrary.call()\nlibrary.call()"
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    assert done.stderr.count("WARN: old") == times


def test_information_is_printed_from_its_level_on(capsys, monkeypatch):
    logger.info("unheard")
    monkeypatch.setattr(logger, "min_level", logger.INFO)
    logger.debug("unheard")
    logger.info("read %d files", 3)
    assert capsys.readouterr().err == "INFO: read 3 files\n"


def test_every_error_is_exported():
    defined = {name for name, value in vars(error).items() if isinstance(value, type)}
    assert defined == set(error.__all__) - {"did_you_mean"}


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**64 + 5, 2**200 + 3])
def test_seeded_generator_is_numpys_in_every_respect(seed):
    ours = seeding.np_random(seed)[0]
    theirs = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    assert ours.bit_generator.state == theirs.bit_generator.state
    children = zip(ours.spawn(2), theirs.spawn(2), strict=True)
    assert all(one.random() == other.random() for one, other in children)
    assert ours.bit_generator.seed_seq.entropy == seed
    assert ours.bit_generator.seed_seq.pool.tolist() == (
        theirs.bit_generator.seed_seq.pool.tolist()
    )
    for copied in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert copied.random() == copy.deepcopy(theirs).random()
        assert copied.spawn(1)[0].random() == copy.deepcopy(theirs).spawn(1)[0].random()
