"""Public path of what a `Monitor` records with, and of how its files are read."""

from dromos.compat.gym_v09.wrappers.monitor import Monitor
from dromos.compat.gym_v25.wrappers.monitoring import (
    StatsRecorder,
    VideoRecorder,
    clear_monitor_files,
    detect_training_manifests,
    load_results,
)

__all__ = [
    "Monitor",
    "StatsRecorder",
    "VideoRecorder",
    "clear_monitor_files",
    "detect_training_manifests",
    "load_results",
]
