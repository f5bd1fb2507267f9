"""Damaged files of episodes are refused with their name and line, whatever is wrong with them."""

import random

import pytest

from dromos.error import Error
from dromos.wrappers.csv_monitor import load_results

GOOD = b'#{"t_start": 1.5, "env_id": "CartPole-v1"}\nr,l,t,x\n1.0,2,0.5,a\n2.0,3,0.75,b\n'


def damaged():
    """Return the file with a fault each."""
    deep = b"#" + b"[" * 100_000
    _head, names, *rows = GOOD.split(b"\n")
    return (
        b"",
        b"\xff\xfe" + GOOD,
        GOOD.replace(b"2.0,3", b"2.0,1e400"),
        GOOD.replace(b"2.0,3", b"2.0,2.5"),
        GOOD.replace(b"2.0,3", b"2.0,-1"),
        GOOD.replace(b"2.0,3", b"2.0,"),
        GOOD.replace(b"0.75", b"nan"),
        GOOD.replace(b"0.75", b"soon"),
        GOOD.replace(b"2.0,3", b"much,3"),
        GOOD.replace(b",b\n", b"\n"),
        GOOD.replace(b"1.5", b"1" * 400),
        GOOD.replace(b"1.5", b"null"),
        GOOD.replace(b"t_start", b"start"),
        GOOD.replace(b"r,l,t,x", b"r,l,t,t"),
        GOOD.replace(b"r,l,t,x", b"r,l,x"),
        GOOD.replace(b"a\n", b"a" * 200_000 + b"\n"),
        b"\n".join([deep, names, *rows]),
        b"\n".join([b"#[1]", names, *rows]),
    )


@pytest.mark.parametrize("data", damaged())
def test_each_kind_of_damage(tmp_path, data):
    path = tmp_path / "a.monitor.csv"
    path.write_bytes(data)
    with pytest.raises(Error, match=r"a\.monitor\.csv"):
        load_results(tmp_path)


def test_random_damage_raises_nothing_else(tmp_path):
    dice = random.Random(0)
    path = tmp_path / "a.monitor.csv"
    told = []
    for _ in range(400):
        data = bytearray(GOOD)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(data))
            data[place : place + dice.randint(0, 3)] = dice.choice(
                [b"", b'"', b"\n", b",", b"\x00", b"\xff", b"1e400", b"{", b"9" * 30]
            )
        path.write_bytes(data)
        try:
            load_results(tmp_path)
        except Error as reason:
            told.append(str(reason))
    assert 50 < len(told) < 400
    assert all(str(path) in text for text in told)
