"""Environments and vectors as cards in HTML: what they are, and what they show now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from dromos.notebook.pictures import picture_of_env, picture_of_lanes
from dromos.notebook.player import recorder_html
from dromos.snapshot.parts import layers_of
from dromos.wrappers.record_episodes import EpisodeRecording
from dromos.wrappers.video_recording import VideoRecording

__all__ = ["env_html", "vector_html"]

_LONGEST = 160  # characters of a space
_CARD = (
    "display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;padding:12px;max-width:980px;"
    "border:1px solid rgba(128,128,128,.35);border-radius:8px;font-family:system-ui,sans-serif;"
    "font-size:13px"
)
_NAME = (
    "text-align:left;vertical-align:top;white-space:nowrap;padding:2px 12px 2px 0;opacity:.65;"
    "font-weight:normal"
)
_VALUE = "text-align:left;padding:2px 0;font-family:ui-monospace,monospace;overflow-wrap:anywhere"


def env_html(env: Any) -> str:
    """Return an environment with its wrappers as HTML; nothing is reset or stepped."""
    return _or_plain(env, lambda: _env_card(env))


def vector_html(envs: Any) -> str:
    """Return a vector with its wrappers as HTML; nothing is reset or stepped."""
    return _or_plain(envs, lambda: _vector_card(envs))


def _or_plain(value: Any, show: Callable[[], str]) -> str:
    """Return what a function shows; if the class of an environment spoils it, its text."""
    try:
        return show()
    except Exception as reason:
        name = escape(type(value).__name__)
        return f"<div>{name}: {escape(type(reason).__name__)}: {escape(str(reason)[:300])}</div>"


def _env_card(env: Any) -> str:
    layers = layers_of(env)
    spec = env.spec
    rows = [
        ("observations", _short(env.observation_space)),
        ("actions", _short(env.action_space)),
        ("stack", " › ".join(type(layer).__name__ for layer in layers)),
        ("render mode", repr(env.render_mode)),
    ]
    if spec is not None and spec.max_episode_steps is not None:
        rows.append(("steps at most", str(spec.max_episode_steps)))
    title = type(layers[-1]).__name__ if spec is None else spec.id
    return _card(title, "environment", rows, picture_of_env(env), _players(layers))


def _vector_card(envs: Any) -> str:
    layers = layers_of(envs)
    spec, mode = envs.spec, envs.metadata.get("autoreset_mode")
    rows = [
        ("lanes", str(envs.num_envs)),
        ("observations of one", _short(envs.single_observation_space)),
        ("actions of one", _short(envs.single_action_space)),
        ("stack", " › ".join(type(layer).__name__ for layer in layers)),
        ("autoreset", str(getattr(mode, "name", mode))),
        ("render mode", repr(envs.render_mode)),
    ]
    title = type(layers[-1]).__name__ if spec is None else spec.id
    return _card(title, "vector", rows, picture_of_lanes(envs), _players(layers))


def _short(space: Any) -> str:
    text = " ".join(repr(space).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _players(layers: Iterable[Any]) -> str:
    """Return what the recording wrappers among the layers have to show."""
    parts = []
    for layer in layers:
        if isinstance(layer, VideoRecording):
            parts.append(recorder_html(layer._recorder))
        elif isinstance(layer, EpisodeRecording) and layer.last_file is not None:
            parts.append(f"<div>episode {escape(layer.last_file)}</div>")
    return "".join(parts)


def _card(title: str, kind: str, rows: list[tuple[str, str]], picture: str, below: str) -> str:
    lines = "".join(
        f'<tr style="background:none"><th style="{_NAME}">{escape(name)}</th>'
        f'<td style="{_VALUE}">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return (
        f'<div class="dromos-card" style="{_CARD}"><div>{picture}</div>'
        f'<div style="flex:1;min-width:280px"><div style="font-size:16px;font-weight:600">'
        f'{escape(title)} <span style="font-weight:normal;opacity:.65">{kind}</span></div>'
        f'<table style="border:none;margin:6px 0;border-collapse:collapse">{lines}</table>'
        f"{below}</div></div>"
    )
