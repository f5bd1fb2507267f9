"""A struct that is no environment does not compile, and the compiler says what is missing."""

import re
import shutil
import subprocess

import pytest

import dromos as gym

PARTS = {
    "name": 'static constexpr const char* name = "Good";',
    "num_actions": "static constexpr std::int64_t num_actions = 2;",
    "step_nanoseconds": "static constexpr double step_nanoseconds = 1;",
    "Params": "struct Params { static constexpr auto fields() { return std::tuple{}; } };",
    "State": "struct State { static constexpr auto fields() { return std::tuple{}; } };",
    "Options": "using Options = dromos::NoOptions;",
    "Action": "using Action = std::int64_t;",
    "Observation": "using Observation = std::array<float, 1>;",
    "reset": "static State reset(const Params&, const Options&, auto&) { return {}; }",
    "step": "static dromos::Transition step(const Params&, State&, Action) { return {0, 0}; }",
    "observe": "static Observation observe(const Params&, const State&) { return {0}; }",
}

#: What is put in the place of a part, and what the compiler says then.
MISTAKES = {
    "NoName": ("name", "", "needs `static constexpr const char\\* name"),
    "NoChoices": ("num_actions", "", "needs `static constexpr std::int64_t num_actions`"),
    "NoTime": ("step_nanoseconds", "", "needs `static constexpr double step_nanoseconds"),
    "NoFields": ("Params", "struct Params {};", "needs `struct Params` with .*fields\\(\\)"),
    "TextState": (
        "State",
        "struct State { std::string x; static constexpr auto fields() { return std::tuple{}; } };",
        "needs `struct State`, trivially copyable",
    ),
    "NoOptions": ("Options", "using Options = int;", "needs `struct Options` with .*NoOptions"),
    "TextAction": ("Action", "using Action = std::string;", "needs `using Action = std::int64_t;`"),
    "TextSeen": (
        "Observation",
        "using Observation = std::string;",
        "needs `using Observation = std::array<float, K>;`",
    ),
    "NoReset": (
        "reset",
        "",
        "needs `static State reset\\(const Params&, const Options&",
    ),
    "NoStep": ("step", "", "needs `static Transition step\\(const Params&, State&, Action\\)`"),
    "FloatStep": (
        "step",
        "static float step(const Params&, State&, Action) { return 0; }",
        "needs `static Transition step\\(const Params&, State&, Action\\)`",
    ),
    "NoObserve": ("observe", "", "needs `static Observation observe\\(const Params&, const State&"),
    "MuteInfo": (
        "name",
        'static constexpr const char* name = "Mute"; struct Info {};',
        "needs `static Info info\\(const Params&, const State&\\)`",
    ),
}


def struct(name, replaced="name", by=PARTS["name"]):
    parts = {**PARTS, replaced: by}
    return f"struct {name} {{ {' '.join(parts.values())} }};"


def errors_of(compiler, text, tmp_path):
    source = tmp_path / "wrong.cpp"
    source.write_text(f"#include <dromos/module.hpp>\n#include <string>\n{text}\n")
    command = [compiler, "-std=c++20", "-fsyntax-only", "-I", gym.get_include(), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode == 0) == (done.stderr == ""), done.stderr
    return done.stderr


@pytest.fixture(scope="module", params=["g++", "clang++"])
def compiler(request):
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not on this machine")
    return request.param


def test_what_is_right_compiles(compiler, tmp_path):
    assert errors_of(compiler, f"{struct('Good')} DROMOS_MODULE(good, Good);", tmp_path) == ""


def test_each_mistake_is_told_in_words(compiler, tmp_path):
    structs = "\n".join(struct(name, part, by) for name, (part, by, _) in MISTAKES.items())
    fits = "\n".join(f"template struct dromos::DynamicsFit<{name}>;" for name in MISTAKES)
    told = errors_of(compiler, f"{structs}\n{fits}", tmp_path)
    errors = re.findall(r"error: .*", told)
    for (name, (_, _, match)), error in zip(MISTAKES.items(), errors, strict=True):
        assert f"DynamicsFit<{name}>" in told
        assert re.search(match, error), (name, error)


@pytest.mark.parametrize(
    "use", ["DROMOS_MODULE(wrong, NoObserve);", "template class dromos::Batch<NoObserve>;"]
)
def test_whoever_uses_it_is_told_little_else(compiler, tmp_path, use):
    told = errors_of(compiler, f"{struct('NoObserve', 'observe', '')}\n{use}", tmp_path)
    assert re.search(MISTAKES["NoObserve"][2], re.findall("error: .*", told)[0])
    assert len(re.findall(r"error:", told)) <= 2, told


def test_a_field_of_a_type_that_it_cannot_have_is_told(compiler, tmp_path):
    params = (
        "struct Params { long double x = 0; static constexpr auto fields() { "
        'return std::tuple{dromos::Field{"x", &Params::x, "", ""}}; } };'
    )
    use = f"{struct('Wide', 'Params', params)} DROMOS_MODULE(wide, Wide);"
    assert "a field is a bool, std::int8_t" in errors_of(compiler, use, tmp_path)
