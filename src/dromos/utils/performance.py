"""Public path of `dromos.testing.performance`."""

from dromos.testing.performance import (
    benchmark_init,
    benchmark_render,
    benchmark_step,
    benchmark_vector_step,
)

__all__ = ["benchmark_init", "benchmark_render", "benchmark_step", "benchmark_vector_step"]
