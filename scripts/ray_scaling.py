"""What more machines gain, computed from what one machine was measured to do.

A simulation, not a measurement: actors that take as long as their lanes do, messages that take as
long as they did on one machine plus a network's latency and bandwidth, and one process that hands
actions out and takes observations in, one message after another. Nothing here was run on several
machines.

    python scripts/ray_scaling.py --message-ms 0.6 --copy-gb-s 2.5
"""

from __future__ import annotations

import argparse
import heapq
from typing import NamedTuple


class Setting(NamedTuple):
    """What is simulated.

    Attributes:
        lane_seconds: What a lane takes for a step.
        lanes: Lanes of an actor.
        row_bytes: What a lane shows.
        message_seconds: What the vector's process does for a message there and back.
        copy_rate: How fast it copies what has come, in bytes a second.
        latency: One way, in seconds.
        bandwidth: Of the vector's machine, in bytes a second.
    """

    lane_seconds: float
    lanes: int
    row_bytes: float
    message_seconds: float
    copy_rate: float
    latency: float
    bandwidth: float

    @property
    def busy(self) -> float:
        """What the vector's process is busy with for one group and step, in seconds."""
        return self.message_seconds + self.lanes * self.row_bytes / self.copy_rate

    @property
    def wire(self) -> float:
        """How long what a group shows occupies the wire, in seconds."""
        return self.lanes * self.row_bytes / self.bandwidth


def steps_of_all(setting: Setting, actors: int, steps: int = 200) -> float:
    """Return lane-steps a second where every step waits for all actors."""
    clock = 0.0
    for _ in range(steps):
        sent = [clock + (i + 1) * setting.message_seconds / 2 for i in range(actors)]
        done = [time + setting.latency + setting.lanes * setting.lane_seconds for time in sent]
        clock = _take_in(setting, sorted(done), sent[-1])
    return actors * setting.lanes * steps / clock


def _take_in(setting: Setting, done: list[float], free: float) -> float:
    """Return when the last of some results has been taken in."""
    wire, clock = 0.0, free
    for time in done:
        wire = max(wire, time + setting.latency) + setting.wire
        clock = max(clock, wire) + setting.busy - setting.message_seconds / 2
    return clock


def first_ready(setting: Setting, actors: int, steps: int = 200) -> float:
    """Return lane-steps a second where each group goes on as soon as it was taken in."""
    ready = [(0.0, actor) for actor in range(actors)]
    clock = wire = 0.0
    for _ in range(steps * actors):
        time, actor = heapq.heappop(ready)
        wire = max(wire, time + setting.latency) + setting.wire
        clock = max(clock, wire) + setting.busy
        done = clock + setting.latency + setting.lanes * setting.lane_seconds
        heapq.heappush(ready, (done, actor))
    return actors * setting.lanes * steps / clock


KINDS = {
    "1 ms, 84x84x4 bytes": (1e-3, 84 * 84 * 4.0),
    "10 ms, 84x84x4 bytes": (1e-2, 84 * 84 * 4.0),
    "0.1 ms, 100 floats": (1e-4, 400.0),
    "10 ms, 100 floats": (1e-2, 400.0),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--message-ms", type=float, required=True, help="measured, a message")
    parser.add_argument("--copy-gb-s", type=float, required=True, help="measured, taking in arrays")
    parser.add_argument("--latency-ms", type=float, default=0.25, help="of the network, one way")
    parser.add_argument("--gbit", type=float, default=10.0, help="of the network")
    parser.add_argument("--lanes", type=int, default=32, help="of an actor")
    given = parser.parse_args()
    print("Simulated, not measured:", vars(given))
    print("\nTimes as fast as one actor here; in brackets with send and recv, groups first-ready\n")
    counts = (1, 2, 4, 8, 16, 32, 64)
    print("| a step of a lane | " + " | ".join(f"{n} actors" for n in counts) + " |")
    print("| --- |" + " --- |" * len(counts))
    for name, (lane_seconds, row_bytes) in KINDS.items():
        setting = Setting(
            lane_seconds,
            given.lanes,
            row_bytes,
            given.message_ms * 1e-3,
            given.copy_gb_s * 1e9,
            given.latency_ms * 1e-3,
            given.gbit * 1e9 / 8,
        )
        alone = 1.0 / lane_seconds
        cells = [
            f"{steps_of_all(setting, n) / alone:.1f} ({first_ready(setting, n) / alone:.1f})"
            for n in counts
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
