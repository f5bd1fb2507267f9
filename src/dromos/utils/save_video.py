"""Public path of saving frames as videos."""

from dromos.render.saving import capped_cubic_video_schedule, save_video

__all__ = ["capped_cubic_video_schedule", "save_video"]
