"""What `dromos.compat.sb3` says where Stable-Baselines3 is not installed."""

import pytest
from alias_programs import run

from dromos.error import DependencyNotInstalled


def test_the_install_line_is_given():
    with pytest.raises(DependencyNotInstalled, match="run `pip install stable-baselines3`"):
        import dromos.compat.sb3  # noqa: F401


def test_a_missing_gymnasium_is_told_apart(tmp_path):
    package = tmp_path / "stable_baselines3" / "common"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package.parent / "__init__.py").write_text("")
    text = "raise ModuleNotFoundError('No module', name='gymnasium')"
    (package / "vec_env.py").write_text(text)
    failed = run("-c", "import dromos.compat.sb3", cwd=tmp_path)
    assert "gymnasium is missing: call `dromos.compat.gymnasium.install()` first" in failed.stderr
