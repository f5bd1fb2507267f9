"""The ids whose environments keep every promise; each has its row in the catalogue.

The games of the Atari 2600 are some 950 ids of one class, which tests/envs/atari holds to the
promises; functions of JAX have random streams of their own, see tests/functional. Ids that only
say what to use instead make nothing.
"""

from dromos.envs.registration import registry

BUILT_IN = sorted(
    spec.id
    for spec in registry.values()
    if str(spec.entry_point).startswith("dromos.")
    and "atari" not in str(spec.entry_point)
    and spec.namespace not in ("phys2d", "tabular")
)
