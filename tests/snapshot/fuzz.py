"""Mutates good snapshots under right checksums, and restores them under a watchdog.

``python fuzz.py SEED COUNT NAME...`` makes COUNT mutations of the snapshot of each stack. A
mutation is refused with a `SnapshotError`, and then nothing has changed; or it is accepted, and
then the environment goes on as one that the constructor could have made. The process may use only
so much memory, and a mutation only so much time; what hangs in C ends the process.
"""

import faulthandler
import json
import random
import resource
import signal
import struct
import sys
import warnings
import zlib

from fuzz_stacks import check_observation, play, stacks

from dromos.error import SnapshotError
from dromos.snapshot import Snapshot

#: Seconds of processor time a mutation may take: a thousand times what it does take.
_SECONDS = 10
_MEMORY = 1 << 30  # bytes above those at the start

_NUMBERS = [
    0, 1, -1, -5, 2, 3, 7, 255, 2**31, 2**53, -(2**63), 2**64 - 1, 2**70, 0.5, -0.0, 1e308, 1e-320,
    {"$float": "nan"}, {"$float": "inf"}, {"$float": "-inf"}, {"$int": "0x" + "f" * 5000},
    {"$int": "-0x" + "1" * 300}, {"$range": ["0x0", "0x1" + "0" * 30, "0x1"]}, True, False, None,
    {"$complex": [0.0, {"$float": "nan"}]},
]  # fmt: skip
_TEXTS = [
    "", "step", "env", "$ref", "__class__", "os:system", "typing:get_type_hints", "x" * 2000,
    "builtins:eval", "dromos.spaces.discrete:Discrete", "PCG64", "MT19937", "<f8", "|O", "|b1",
]  # fmt: skip
_DTYPES = [{"dtype": dtype} for dtype in ("<f4", "|S8", "<i8", ">f8", "<m8[ns]", [["a", "|O"]])]
_MARKS = [
    "$tuple", "$set", "$frozenset", "$list", "$deque", "$ordered", "$counter", "$same", "$state",
    "$generators", "$reference", "$dataclass", "$namedtuple", "$space", "$generator", "$bits",
]  # fmt: skip


class Watchdog:
    """Raises in Python code that takes too long, and ends the process if that does not help."""

    def __init__(self):
        with open("/proc/self/statm") as sizes:
            soft = int(sizes.read().split()[0]) * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (soft, resource.RLIM_INFINITY))
        signal.signal(signal.SIGPROF, self._bark)

        self._count = 0

    def __enter__(self):
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
        if self._count % 50 == 0:  # it starts a thread, which takes longer than most mutations
            faulthandler.dump_traceback_later(50 * _SECONDS, exit=True)
        self._count += 1

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _bark(self, *_):
        raise AssertionError(f"more than {_SECONDS} s of processor time")


def taken_apart(data):
    """Return the JSON head and the blobs of a snapshot."""
    length = struct.unpack_from("<Q", data, 24)[0]
    head = json.loads(data[32 : 32 + length])
    blobs, end = [], 32 + length
    for size in head["sizes"]:
        start = -(-end // 64) * 64
        end = start + size
        blobs.append(data[start:end])
    return head, blobs


def sealed(head, blobs):
    """Return bytes with a right length and checksum around any content."""
    if not isinstance(head, bytes):
        head["sizes"] = list(map(len, blobs))
        head = json.dumps(head).encode()
    rest, length = [head], 32 + len(head)
    for blob in blobs:
        gap = -length % 64
        rest += [bytes(gap), blob]
        length += gap + len(blob)
    body = struct.pack("<QQ", length, len(head)) + b"".join(rest)
    return struct.pack("<8sHHI", b"\x89DROMOS\n", 2, 0, zlib.crc32(body)) + body


def places_in(tree):
    """Return (parent, key) of every node under a tree."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        keys = node if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], (dict, list)):
                waiting.append(node[key])
    return found


class Mutator:
    """Makes mutations of one snapshot; `others` are the trees of other stacks, to splice in."""

    def __init__(self, data, others, rng):
        self.data, self.rng = data, rng
        self.others = [place for tree in others for place in places_in(tree)]
        self.kinds = [
            self.swap, self.splice, self.nest, self.blow_up, self.alias, self.number, self.number,
            self.number, self.text, self.remove, self.rename, self.remark, self.blob, self.blob,
            self.elements, self.elements, self.describe, self.damage, self.patch,
        ]  # fmt: skip

    def __call__(self):
        """Return the bytes of a mutation."""
        while True:
            try:
                return self.mutation()
            except RecursionError:  # it is nested deeper than JSON can be written here
                continue

    def mutation(self):
        """Return the bytes of one, if JSON can be written as deep."""
        head, blobs = taken_apart(self.data)
        self.head, self.blobs = head, blobs
        self.is_blown_up = False
        for _ in range(self.rng.choice([1, 1, 1, 2, 4])):
            self.places = places_in(head["tree"]["state"])
            kind = self.rng.choice(self.kinds)
            changed = kind()
            if changed is not None:
                return changed
        return sealed(head, blobs)

    def place(self):
        return self.rng.choice(self.places)

    def swap(self):
        (one, first), (other, second) = self.place(), self.place()
        part = json.loads(json.dumps([one[first], other[second]]))
        other[second], one[first] = part

    def splice(self):
        parent, key = self.place()
        part, name = self.rng.choice(self.others)
        parent[key] = json.loads(json.dumps(part[name]))

    def nest(self):
        parent, key = self.place()
        for _ in range(self.rng.choice([1, 2, 70, 400])):
            wrap = self.rng.choice([lambda x: [x], lambda x: {"k": x}, lambda x: {"$tuple": [x]}])
            parent[key] = wrap(parent[key])

    def blow_up(self):
        if self.is_blown_up:
            return
        self.is_blown_up = True
        parent, key = self.place()
        node = parent[key]
        deep = {"$tuple": [1]}
        for _ in range(50):
            deep = {"$tuple": [deep]}
        parent[key] = self.rng.choice(
            [
                [node] * 3000 if len(json.dumps(node)) < 100 else [0] * 3000,
                {"$set": [deep]},
                {
                    "$dict": [
                        part for k in range(3000) for part in ({"$int": hex(k * (2**61 - 1))}, 0)
                    ]
                },
                {
                    "$space": [None] * 12,
                    "of": ['{"space":"Box","dtype":"int8","shape":[4096,4096],"low":0}'],
                },
                {"$array": 0, "dtype": "<f8", "shape": [2**40, 0]},
                "x" * 30_000,
            ]
        )

    def alias(self):
        parent, key = self.place()
        one = self.rng.choice([[], {"k": 1}, {"$tuple": [1]}])
        layers = [{"$list": [one, one], "id": 1000}]
        for number in range(1001, 1040):
            ref = {"$ref": number - 1}
            mark = self.rng.choice(["$list", "$tuple", "$list"])
            layers.append({mark: [ref, ref], "id": number})
        if self.rng.random() < 0.5:
            parent[key] = [*layers, {"$ref": 1039}]
        else:
            other, second = self.place()
            if isinstance(other[second], dict):
                other[second]["id"] = 77
            parent[key] = {"$ref": 77}

    def number(self):
        parent, key = self.place()
        parent[key] = self.rng.choice(_NUMBERS)

    def text(self):
        parent, key = self.place()
        parent[key] = self.rng.choice(_TEXTS)

    def remove(self):
        parent, key = self.place()
        del parent[key]

    def rename(self):
        parent, key = self.place()
        if isinstance(parent, dict):
            parent[self.rng.choice([*_TEXTS, key + "_", "reset", "_np_random"])] = parent.pop(key)

    def remark(self):
        parent, key = self.place()
        node = parent[key]
        body = node if isinstance(node, list) else [node]
        parent[key] = {self.rng.choice(_MARKS): body, "of": [self.rng.choice(_TEXTS)]}

    def blob(self):
        if self.blobs:
            place = self.rng.randrange(len(self.blobs))
            size = len(self.blobs[place])
            self.blobs[place] = self.rng.choice(
                [bytes(size), b"\xff" * size, self.rng.randbytes(size), self.blobs[place][:-1]]
            )

    def elements(self):
        if self.blobs:
            place = self.rng.randrange(len(self.blobs))
            blob = bytearray(self.blobs[place])
            number = self.rng.choice(
                [struct.pack("<d", float(x)) for x in ("nan", "inf", "-inf", 1e300, -3)]
                + [struct.pack("<q", x) for x in (-5, 2**31, 99, 2**62)]
                + [struct.pack("<i", -3), b"\x02", b"\xff", b"\x80", b"\x00" * 8]
            )[: len(blob)]
            start = (
                self.rng.randrange(max(len(blob) // len(number), 1)) * len(number) if number else 0
            )
            blob[start : start + len(number)] = number[: len(blob) - start]
            self.blobs[place] = bytes(blob)

    def describe(self):
        arrays = [parent[key] for parent, key in self.places if isinstance(parent[key], dict)]
        arrays = [node for node in arrays if isinstance(node.get("shape"), list)]
        if arrays:
            node = self.rng.choice(arrays)
            shapes = [{"shape": shape} for shape in ([*node["shape"], 1], [-1], [2**62])]
            others = [{"readonly": True}, {"axes": [0]}, {"$array": 0}]
            node.update(self.rng.choice([*_DTYPES, *shapes, *others]))

    def damage(self):
        data = bytearray(self.data)
        for _ in range(self.rng.choice([1, 3, 20])):
            data[self.rng.randrange(32, len(data))] = self.rng.randrange(256)
        data[12:16] = struct.pack("<I", zlib.crc32(data[16:]))
        return bytes(data)

    def patch(self):
        text = bytearray(json.dumps({**self.head, "sizes": list(map(len, self.blobs))}).encode())
        start = self.rng.randrange(len(text))
        text[start : start + self.rng.randrange(4)] = self.rng.choice(
            [b"", b"9" * 5000, b"[" * 2000, b'"', b",", b"NaN", b"-", b'{"$tuple":[]}', b"0"]
        )
        return sealed(bytes(text), self.blobs)


def attack(name, build, others, rng, count, watchdog):
    """Make `count` mutations of one stack; return how many were accepted."""
    env = build()
    env.reset(seed=3)
    users = name.startswith("user's")
    if not users:
        play(env, 5)
    good = env.snapshot()
    expected = good.to_bytes()
    mutator = Mutator(expected, others, rng)
    accepted = 0
    for number in range(count):
        data = mutator()
        try:
            with watchdog:
                refusal = restored(env, data)
                if refusal is None:
                    accepted += 1
                    check_future(env, users)
        except BaseException:
            print(f"{name}: mutation {number}", file=sys.stderr, flush=True)
            raise
        if refusal is not None:
            assert len(refusal) < 3000, f"a message as long as the bytes: {refusal[:900]}"
            if number % 8 == 0:
                assert same(env.snapshot(), good), f"a refusal changed it: {refusal}"
            continue
        env.restore(good)
        assert same(env.snapshot(), good), f"{name}: mutation {number} is not healed"
    return accepted


def restored(env, data):
    """Restore bytes; return the message of the error if they are refused."""
    try:
        env.restore(Snapshot.from_bytes(data))
    except SnapshotError as reason:
        return str(reason)
    return None


def check_future(env, users):
    """Check that an environment goes on as one that the constructor could have made."""
    if users:
        play_like_a_user(env)
        return
    for observation in play(env):
        check_observation(env, observation)
    check_observation(env, env.reset(seed=5)[0])
    check_observation(env, play(env, 1)[0])


def same(left, right):
    """Return whether two snapshots are equal but for clocks that run."""
    return _without_clocks(left) == _without_clocks(right)


def _without_clocks(snapshot):
    head, blobs = taken_apart(snapshot.to_bytes())
    for parent, key in places_in(head["tree"]):
        if key == "episode_start_time":
            parent[key] = 0
        elif key == "episode_start_times":
            blobs[parent[key]["$array"]] = b""
    return head["tree"], blobs


def play_like_a_user(env):
    """Step an environment whose attributes may be anything of their kind; it may raise."""
    try:
        play(env)
        env.reset(seed=5)
        play(env, 1)
    except SnapshotError:
        raise
    except Exception:
        return


def main(seed, count, names):
    """Attack some stacks, and print what came of it."""
    warnings.simplefilter("ignore")
    all_stacks = stacks()
    trees = []
    for name in (
        "CartPole-v1",
        "CartPole many",
        "user's imagining",
        "FrozenLake-v1 native NextStep",
    ):
        env = all_stacks[name]()
        env.reset(seed=1)
        trees.append(taken_apart(env.snapshot().to_bytes())[0]["tree"]["state"])
    watchdog = Watchdog()
    for name in names:
        rng = random.Random(f"{seed} {name}")
        accepted = attack(name, all_stacks[name], trees, rng, count, watchdog)
        print(json.dumps([name, count, accepted]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
