"""What spaces say of their parts and elements."""

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

from dromos import spaces

box = spaces.Box(-1, 1, (3,))
assert_type(box.sample(), NDArray[np.float32])
print(box.low.shape, box.high.max(), box.is_bounded("both"), box.contains(box.sample()))

bytes_ = spaces.Box(0, 255, (2,), dtype=np.uint8)
assert_type(bytes_.sample(), NDArray[np.uint8])

number: np.int64 = spaces.Discrete(4).sample()
index: int = spaces.Discrete(4).sample()
small = spaces.Discrete(4, dtype=np.uint8)
assert_type(small.sample(), np.uint8)
print([10, 20, 30, 40][index], range(index), number + 1, int(small.n))

many = spaces.MultiDiscrete([3, 4])
assert_type(many.sample(), NDArray[np.int64])
switches = spaces.MultiBinary(4)
assert_type(switches.sample(), NDArray[np.int8])
text = spaces.Text(5)
assert_type(text.sample(), str)
print(many.nvec.sum(), switches.n, text.characters)

named = spaces.Dict({"place": box, "button": spaces.Discrete(3)})
drawn = named.sample()
print(drawn["place"].shape, named["place"].shape, list(named), len(named))
for key, space in named.items():
    print(key, space.sample())

boxes = spaces.Dict({"near": box, "far": box})
assert_type(boxes["near"].sample(), NDArray[np.float32])
assert_type(boxes.sample(), dict[str, NDArray[np.float32]])
print(boxes.sample()["far"].mean(), boxes["far"].shape)

pair = spaces.Tuple((box, spaces.Text(2)))
left, right = pair.sample()
assert_type(left, NDArray[np.float32])
assert_type(right, str)
print(left.mean(), right.upper(), pair[0].shape, [part.sample() for part in pair.spaces])

listed = spaces.Tuple([box, box])
assert_type(listed.sample(), tuple[NDArray[np.float32], ...])

chosen, part = spaces.OneOf([box, box]).sample()
print(chosen + 1, part.mean())
notes = spaces.Sequence(spaces.Discrete(12))
graph = spaces.Graph(box, None).sample()
print(len(notes.sample()), graph.nodes.shape, graph.edges)
