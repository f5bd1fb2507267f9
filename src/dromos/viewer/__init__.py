"""The viewer: a page in the browser that shows an environment or a vector while it runs.

`dromos.view` opens one. The files, from the ground up: `subject` (lanes), `tally`, `episode`,
`moments` and `figures` (what is kept and shown of them), `run` (all of that), `control` with
`watch` (a script steps) and `driver` (the viewer steps), `protocol` (what pages say and are told),
`pictures`, `server` (the only one that imports websockets), `viewer`, and the wrappers.
"""

from dromos.viewer.live_view import LiveView
from dromos.viewer.showing import view
from dromos.viewer.vector_live_view import VectorLiveView
from dromos.viewer.viewer import Viewer

__all__ = ["LiveView", "VectorLiveView", "Viewer", "view"]
