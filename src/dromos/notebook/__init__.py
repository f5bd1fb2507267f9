"""How environments, vectors and recorders show themselves in a notebook.

Each has a ``_repr_html_``, which notebooks call and which asks here. To look changes nothing:
nothing is reset or stepped, no random number is drawn, no window opens, and whatever goes wrong
becomes a sentence in place of the picture.
"""

from dromos.notebook.cards import env_html, vector_html
from dromos.notebook.player import recorder_html, video_html

__all__ = ["env_html", "recorder_html", "vector_html", "video_html"]
