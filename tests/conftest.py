"""What all tests share."""

import signal
import sys
import warnings

import pytest
from hypothesis import HealthCheck, settings

# Its types are older than Python's rules for them; where that warning is an error, it crashes.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import Box2D  # noqa: F401

# Jobs in the background of a shell are deaf to Ctrl-C, and so is all that they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A machine under load is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser):
    parser.addoption(
        "--long", action="store_true", help="play many more seeds and episodes, for minutes"
    )


@pytest.fixture(autouse=True)
def _no_display_is_left_started():
    """Stop the display of pygame, which the next test may need to find absent."""
    yield
    pygame = sys.modules.get("pygame")
    if pygame is not None and pygame.display.get_init():
        pygame.display.quit()
