"""JAX: the only place from which environments load it."""

from dromos.error import DependencyNotInstalled

try:
    import jax
    import jax.numpy as jnp
except ImportError as absent:
    raise DependencyNotInstalled(
        "This environment is written in JAX, which is not installed; run "
        '`pip install "dromos[jax]"`'
    ) from absent

__all__ = ["jax", "jnp"]
