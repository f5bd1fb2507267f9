"""The table of promises: what its rows name is there."""

import pytest

from dromos.testing.promises import ENVIRONMENT, VECTOR, WRAPPER

TABLES = {"environment": ENVIRONMENT, "wrapper": WRAPPER, "vector": VECTOR}
ASKERS = {"env", "strict", "render", "close", "wrapper"}


@pytest.mark.parametrize("name", TABLES)
def test_rows_come_after_rows_that_there_are(name):
    seen = []
    for row in TABLES[name]:
        assert row.name not in seen
        assert set(row.after.split()) <= set(seen), row.name
        assert set(row.of.split()) <= ASKERS, row.name
        seen.append(row.name)
