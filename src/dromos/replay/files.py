"""Episodes as JSON lines: a header, then a line for each step.

Nothing is imported, unpickled or run: arrays stand in base64 with dtype and shape, states in the
byte format of snapshots.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from dromos import plain
from dromos.error import DamagedFile
from dromos.replay.actions import ActionForm, form_of
from dromos.replay.episode import RecordedEpisode, StepNoted

__all__ = ["FORMAT", "LARGEST_FILE", "DamagedFile", "load", "save", "text_of"]

FORMAT = "dromos-episode"
VERSION = 1
#: The most bytes of a file that `load` reads unless told otherwise.
LARGEST_FILE = 1 << 30
_HASH_DIGITS = 64
_STEP_FIELDS = {"action", "reward", "terminated", "truncated"}
_MORE_STEP_FIELDS = {"check", "actions_dtype", "actions_shape"}


def save(episode: RecordedEpisode, path: str | os.PathLike[str]) -> None:
    """Write an episode to a file, whole or not at all.

    Args:
        episode: The episode.
        path: The file, replaced if it is there.

    Raises:
        NotPlainError: If an action or observation holds something that is not plain data.
        OSError: If the file cannot be written.
    """
    text, target = text_of(episode), Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o666 & ~_umask())  # as any other new file, not as a secret one
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def text_of(episode: RecordedEpisode) -> str:
    """Return what `save` writes of an episode.

    Raises:
        NotPlainError: If an action or observation holds something that is not plain data.
    """
    form = form_of(episode.steps[0].action) if episode.steps else ActionForm(None, ())
    lines = [_header(episode, form), *(_line(step, form) for step in episode.steps)]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _header(episode: RecordedEpisode, form: ActionForm) -> dict[str, Any]:
    start = episode.start
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": episode.env_id,
        "spec": episode.spec,
        "lanes": 1,
        "episodes": 1,
        "steps": len(episode.steps),
        "seed": episode.seed,
        "options": plain.to_tree(episode.options),
        "lane": episode.lane,
        "actions_dtype": form.dtype,
        "actions_shape": list(form.shape),
        "hash": episode.hash,
        "check": episode.check,
        "remark": episode.remark,
        "observation": plain.to_tree(episode.observation),
        "start": None if start is None else base64.b64encode(start).decode("ascii"),
    }


def _line(step: StepNoted, form: ActionForm) -> dict[str, Any]:
    own = form_of(step.action)
    line = {
        "action": own.to_json(step.action),
        "reward": step.reward,
        "terminated": step.terminated,
        "truncated": step.truncated,
    }
    if own != form:
        line |= {"actions_dtype": own.dtype, "actions_shape": list(own.shape)}
    return line if step.check is None else line | {"check": step.check}


def load(path: str | os.PathLike[str], *, largest: int = LARGEST_FILE) -> RecordedEpisode:
    """Return the episode in a file. Nothing of it is imported, unpickled or run.

    Args:
        path: The file.
        largest: The most bytes it may have.

    Raises:
        DamagedFile: If it is not what `save` writes; the message says the line and what is wrong.
        FileNotFoundError, OSError: If it cannot be read.
    """
    size = os.stat(path).st_size
    if size > largest:
        raise DamagedFile(
            f"{path}: expected an episode of at most {largest} bytes, found {size}; "
            "load(path, largest=...) reads more"
        )
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    reader = _Reader(os.fspath(path))
    if not lines:
        raise reader.damage("the file is empty")
    header = reader.object_in(lines[0])
    episode, form = reader.header(header)
    for data in lines[1:]:
        reader.line += 1
        episode.steps.append(reader.step(reader.object_in(data), form))
    wanted = header.get("steps")
    if wanted is not None and wanted != len(episode.steps):
        raise reader.damage(
            f"expected {wanted!r:.40} steps, as the header says, found {len(episode.steps)}: the "
            "file has been cut off or joined"
        )
    return episode


class _Reader:
    """Reads lines, and knows which one it is at."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.line = 1

    def damage(self, what: object) -> DamagedFile:
        return DamagedFile(f"{self._path}, line {self.line}: {what}")

    def object_in(self, data: bytes) -> dict[str, Any]:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as reason:
            raise self.damage(f"expected JSON ({reason})") from reason
        if not isinstance(value, dict):
            raise self.damage(f"expected a JSON object, found {value!r:.60}")
        return value

    def header(self, line: dict[str, Any]) -> tuple[RecordedEpisode, ActionForm]:
        if line.get("format") != FORMAT:
            raise self.damage(f"expected the format {FORMAT!r}, found {line.get('format')!r:.60}")
        if line.get("version") != VERSION:
            raise self.damage(f"expected version {VERSION}, found {line.get('version')!r:.60}")
        for name in ("lanes", "episodes"):
            if line.get(name, 1) != 1:
                raise self.damage(f"{name}: expected 1, found {line[name]!r:.60}")
        digest = self._field(line, "hash", str)
        if len(digest) != _HASH_DIGITS:
            raise self.damage(f"hash: expected {_HASH_DIGITS} digits, found {digest!r:.80}")
        try:
            form = ActionForm.read(line.get("actions_dtype"), line.get("actions_shape"))
            options = plain.from_tree(line.get("options"))
            observation = plain.from_tree(line.get("observation"))
        except (ValueError, TypeError) as reason:
            raise self.damage(reason) from reason
        if options is not None and not isinstance(options, dict):
            raise self.damage(f"options: expected an object or null, found {options!r:.60}")
        env_id = self._field(line, "id", str, type(None))
        spec = self._field(line, "spec", dict, type(None))
        if spec is not None and spec.get("id") != env_id:
            raise self.damage(
                f"id: expected that of the spec, {spec.get('id')!r}, found {env_id!r}"
            )
        return RecordedEpisode(
            env_id,
            spec,
            digest,
            seed=self._field(line, "seed", int, type(None)),
            options=options,
            lane=self._field(line, "lane", int, type(None)),
            start=self._start(line),
            observation=observation,
            check=self._field(line, "check", str, type(None)),
            remark=self._field(line, "remark", str, type(None)),
        ), form

    def step(self, line: dict[str, Any], form: ActionForm) -> StepNoted:
        if missing := sorted(_STEP_FIELDS - line.keys()):
            raise self.damage(f"a step has no {missing[0]!r}, its fields are {[*line]!r:.80}")
        if unknown := sorted(line.keys() - _STEP_FIELDS - _MORE_STEP_FIELDS):
            raise self.damage(f"a step has no field {unknown[0]!r:.60}")
        try:
            if "actions_dtype" in line:
                form = ActionForm.read(line["actions_dtype"], line.get("actions_shape"))
            action = form.from_json(line["action"])
        except (ValueError, TypeError) as reason:
            raise self.damage(f"action: {reason}") from reason
        return StepNoted(
            action,
            float(self._field(line, "reward", int, float)),
            self._field(line, "terminated", bool),
            self._field(line, "truncated", bool),
            self._field(line, "check", str, type(None)),
        )

    def _field(self, line: dict[str, Any], name: str, *kinds: type) -> Any:
        value = line.get(name)
        if type(value) not in kinds:
            names = " or ".join("null" if k is type(None) else k.__name__ for k in kinds)
            raise self.damage(f"{name}: expected {names}, found {value!r:.60}")
        return value

    def _start(self, line: dict[str, Any]) -> bytes | None:
        text = self._field(line, "start", str, type(None))
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as reason:
            raise self.damage(f"start: expected base64 ({reason})") from reason
