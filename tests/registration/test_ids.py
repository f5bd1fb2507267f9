"""Environment ids."""

import gymnasium.envs.registration as peer
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dromos import error
from dromos.registration import get_env_id, parse_env_id


def outcome(parse, refusal, text):
    try:
        return parse(text)
    except refusal as refused:
        return str(refused)


@given(st.text("aZ0_-:./v1 é\n", max_size=14))
@example("ns/Name-v0")
@example("a-v1-v2")
@example("Name-v0\n")
@example("")
def test_ids_are_read_as_the_peer_reads_them(text):
    assert outcome(parse_env_id, error.Error, text) == outcome(
        peer.parse_env_id, peer.error.Error, text
    )


NAMES = st.text("abcXYZ019_", min_size=1, max_size=8)


@given(NAMES | st.none(), NAMES, st.integers(0, 999) | st.none())
def test_an_id_has_its_parts(ns, name, version):
    assert parse_env_id(get_env_id(ns, name, version)) == (ns, name, version)
    assert get_env_id(ns, name, version) == peer.get_env_id(ns, name, version)


@pytest.mark.parametrize("wrong", [None, 3, pytest])
def test_an_id_is_a_string(wrong):
    with pytest.raises(TypeError, match="Expected the environment id to be a string, got"):
        parse_env_id(wrong)
