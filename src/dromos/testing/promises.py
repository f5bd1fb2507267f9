"""The promises of environments, wrappers and vectors, in the order in which they are examined.

A row says how a promise is examined, after which others, and who asks for it. What is asked in
detail, and what is told where it is not kept, stands at the top of the file that examines it: in
`dromos.checks` what `PassiveEnvChecker` sees in the first reset, step and frame, and here what
takes calls of our own. The passive checks are rows like the others: the spaces, the signature, what
``reset`` and ``step`` return, a frame.

`check_env` asks for the rows of ``"env"``, those of ``"strict"`` if it is to be, of ``"render"``
and ``"close"`` unless they are to be left out; `check_wrapper` for those of ``"wrapper"``; both for
the rows of everyone.
"""

from __future__ import annotations

import copy
from functools import partial

from dromos import checks
from dromos.testing import (
    environment,
    rendering,
    steps,
    strict,
    vector_calls,
    vector_episodes,
    vector_lanes,
    wrappers,
)
from dromos.testing.report import Row

__all__ = ["ENVIRONMENT", "VECTOR", "WRAPPER"]

_check_actions = partial(environment.check_space, role="action")
_check_observations = partial(environment.check_space, role="observation")
_takes_seed = partial(environment.takes, name="seed")
_deepcopied = partial(strict.check_copy, copy.deepcopy, "copy.deepcopy(env)")
_pickled = partial(strict.check_copy, strict.pickled, "pickle.loads(pickle.dumps(env))")

# fmt: off
#      name, where exceptions come from, how it is examined, of what, after which, for whom
ENVIRONMENT = (
    Row("class", "env", environment.check_is_env, "given", of="env", needed=True),
    Row("no_wrapper", "env", environment.check_is_unwrapped, "given", of="env"),
    Row("no_seed", "env", environment.check_seed_deprecation, "env"),
    Row("no_return_info", "env", environment.check_reset_return_info_deprecation, "env"),
    Row("signature", "env.reset", checks.check_reset_signature, "env.reset"),
    Row("actions", "action_space", _check_actions, "env"),
    Row("observations", "observation_space", _check_observations, "env"),
    Row("observed", "observation_space", environment.has_observation_space, "env"),
    Row("reset", "reset()", environment.check_reset_return_type, "env", "observed"),
    Row("pair", "reset()", environment.has_reset_form, "env", "observed"),
    Row("seeds", "reset(seed=…)", environment.check_reset_seed_determinism, "env compare", "pair"),
    Row("options", "reset(options={{}})", environment.check_reset_options, "env", "pair"),
    Row("passive_reset", "reset()", checks.env_reset_passive_checker, "env", "pair"),
    # A wrong reset hides no fault of step.
    Row("five_values", "step()", steps.check_steps, "env", "actions observed"),
    Row("seeded", "env.reset", _takes_seed, "env", "pair five_values"),
    Row("steps", "step() after reset(seed=123)", steps.check_decided, "env compare ignored_infos",
        "seeded"),
    Row("new_data", "step()", steps.check_returned_data_not_reused, "env", "seeded"),
    Row("snapshot", "snapshot()", strict.check_snapshot, "env ignored_infos", "actions seeds",
        "strict wrapper"),
    Row("deepcopy", "copy.deepcopy(env)", _deepcopied, "env ignored_infos", "actions seeds",
        "strict wrapper"),
    Row("pickle", "pickle.dumps(env)", _pickled, "env", "actions seeds", "strict"),
    Row("spec", "spec.to_json()", strict.check_spec, "env", "actions seeds", "strict"),
    Row("callers_data", "step()", strict.check_data_of_the_caller, "env", "actions seeds",
        "strict"),
    Row("numpy_seeds", "reset(seed=numpy.int64(…))", strict.check_seeds, "env", "actions seeds",
        "strict"),
    Row("all_observations", "step()", strict.check_observations, "env", "actions seeds", "strict"),
    Row("frame", "render()", rendering.check_render, "given", of="render"),
    Row("anew", "env.spec", rendering.check_has_spec, "given", of="render"),
    Row("modes", "spec.make(render_mode={!r})", rendering.check_mode, "given", of="render",
        each="modes"),
    Row("close", "spec.make().close()", rendering.check_close, "given", of="close"),
)
WRAPPER = (
    Row("class_of_wrappers", "wrapper", wrappers.check_is_wrapper, "wrapper", needed=True),
    Row("made", "{}(env)", wrappers.is_made, "env", each="name", needed=True),
    *ENVIRONMENT,
    Row("inner_spaces", "env.spaces", wrappers.check_spaces_untouched, "env_fn wrapped"),
    Row("arguments", "reset(seed=…, options=…)", wrappers.check_reset_arguments, "probed"),
    Row("attributes", "get_wrapper_attr()", wrappers.check_attributes, "probed"),
    Row("exceptions", "step()", wrappers.check_exceptions, "probed"),
    Row("inner_close", "close()", wrappers.check_close, "probed"),
    Row("recorded", "_saved_kwargs", wrappers.check_recorded, "env kwargs"),
    Row("rebuilt", "spec.make()", wrappers.check_spec, "made ignored_infos", "recorded"),
)
VECTOR = (
    Row("class", "envs", vector_calls.check_is_vector, "envs", needed=True),
    Row("spaces", "spaces", vector_calls.check_spaces, "envs"),
    Row("form", "reset()", vector_calls.check_forms, "envs", "spaces"),
    Row("mode", "metadata", vector_calls.autoreset_mode, "envs", "form"),
    Row("seeds", "reset(seed=123)", vector_episodes.check_seeds, "envs", "form"),
    Row("autoreset", "step()", vector_episodes.check_autoreset, "envs steps", "mode"),
    Row("partial_reset", "reset(options=…)", vector_episodes.check_partial_reset, "envs", "mode"),
    Row("new_data", "step()", vector_episodes.check_new_data, "envs", "mode"),
    Row("send", "send()", vector_calls.check_send_recv, "envs", "form"),
    Row("lanes", "lanes", vector_lanes.check_lanes, "envs env_fn steps", "mode"),
    Row("frames", "render()", vector_calls.check_render, "envs", "form", of="render"),
    Row("close", "close()", vector_calls.check_close, "envs", of="close"),
)
# fmt: on
