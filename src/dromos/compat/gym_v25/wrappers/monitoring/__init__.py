"""What a `Monitor` records with, and how its files are found and read again."""

from dromos.compat.gym_v25.wrappers.monitoring.files import (
    clear_monitor_files,
    detect_training_manifests,
    load_results,
)
from dromos.compat.gym_v25.wrappers.monitoring.stats_recorder import StatsRecorder
from dromos.compat.gym_v25.wrappers.monitoring.video_recorder import VideoRecorder

__all__ = [
    "StatsRecorder",
    "VideoRecorder",
    "clear_monitor_files",
    "detect_training_manifests",
    "load_results",
]
