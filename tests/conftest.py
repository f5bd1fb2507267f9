"""What all tests share."""

import sys

import pytest
from hypothesis import HealthCheck, settings

# A machine under load is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _no_display_is_left_started():
    """Stop the display of pygame, which the next test may need to find absent."""
    yield
    pygame = sys.modules.get("pygame")
    if pygame is not None and pygame.display.get_init():
        pygame.display.quit()
