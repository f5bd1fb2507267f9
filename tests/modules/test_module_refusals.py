"""Libraries that cannot be used are refused in words, and nothing has changed then."""

import shutil
import sys

import pytest
from building import compiled, run

import dromos as gym
from dromos._core import batch as core
from dromos.native import load

#: A library that exports a table of no environment, each member of its head as a test says.
TABLE = """
#include <dromos/module.hpp>
static const dromos::Module table{MAGIC, LAYOUT, SIZES, "some compiler", "odd", FUSES, {},
                                  nullptr, nullptr};
extern "C" __attribute__((visibility("default"))) const void* dromos_module() { return &table; }
"""
HEAD = {
    "MAGIC": "dromos::kModuleMagic",
    "LAYOUT": "dromos::kModuleLayout",
    "SIZES": "dromos::kModuleSizes",
    "FUSES": "dromos::detail::fuses()",
}

TINY = """
#include <dromos/module.hpp>
struct Tiny {
  static constexpr const char* name = NAME;
  static constexpr std::int64_t num_actions = 2;
  static constexpr double step_nanoseconds = 1;
  struct Params { static constexpr auto fields() { return std::tuple{}; } };
  using State = Params;
  using Options = dromos::NoOptions;
  using Action = std::int64_t;
  using Observation = std::array<float, 1>;
  static State reset(const Params&, const Options&, auto&) { return {}; }
  static dromos::Transition step(const Params&, State&, Action) { return {0, 0}; }
  static Observation observe(const Params&, const State&) { return {0}; }
};
DROMOS_MODULE(MODULE, ENVIRONMENTS);
"""


@pytest.fixture
def build(tmp_path):
    """Return a function that compiles a source with macros."""

    def built(text, *options, **macros):
        source = tmp_path / "odd.cpp"
        source.write_text(text)
        defined = [f"-D{name}={value}" for name, value in macros.items()]
        return compiled(source, tmp_path / "odd.so", "-O0", *defined, *options)

    return built


@pytest.fixture(autouse=True)
def _nothing_changes(spare_names):
    before, ids = core.names(), set(gym.registry)
    yield
    assert core.names() == before
    assert set(gym.registry) == ids


@pytest.mark.parametrize(
    ("member", "value", "match"),
    [
        ("MAGIC", "7", "exports as dromos_module is something else"),
        (
            "LAYOUT",
            "99",
            "by compiler some compiler, for modules of layout 99, and this dromos "
            "loads those of layout 1; build it again with the headers of this dromos",
        ),
        ("SIZES", "7", "structs of other sizes than those of this dromos; build it again"),
    ],
)
def test_a_library_of_another_layout_says_what_to_build_again(build, member, value, match):
    path = build(TABLE, **HEAD | {member: value})
    with pytest.raises(ImportError, match=match) as refused:
        load(path)
    assert str(path) in str(refused.value)
    assert refused.value.path == str(path)


def test_a_library_of_none_of_ours_is_told(tmp_path):
    (tmp_path / "plain.cpp").write_text("int nothing() { return 0; }")
    path = compiled(tmp_path / "plain.cpp", tmp_path / "plain.so")
    with pytest.raises(ImportError, match=r"no module of dromos: .*DROMOS_MODULE"):
        load(path)


def test_a_file_that_is_no_library_is_told(tmp_path):
    path = tmp_path / "text.so"
    path.write_text("not a library")
    with pytest.raises(ImportError, match=r"text\.so cannot be used: it cannot be loaded"):
        load(str(path))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*absent\.so"):
        load(tmp_path / "absent.so")
    with pytest.raises(FileNotFoundError, match="no file"):
        load(str(tmp_path))


@pytest.mark.parametrize("name", ["no_such_library", "no_such_package._dynamics", "", ".up"])
def test_a_name_that_python_does_not_find_is_told(name):
    with pytest.raises(ModuleNotFoundError, match=f"No library of environments .*'{name}'"):
        load(name)


def test_a_module_written_in_python_is_told():
    with pytest.raises(ImportError, match=r"'dromos\.native' is a module written in Python"):
        load("dromos.native")


def test_another_library_of_the_same_name_is_told(spare, library_file, tmp_path):
    assert spare
    copy = shutil.copy(library_file, tmp_path / "copy.so")
    with pytest.raises(ImportError, match="'spare/CartPole' is loaded already, from another"):
        load(copy)


def test_a_library_is_loaded_once(spare, library_file, tmp_path):
    (tmp_path / "link.so").symlink_to(library_file)
    assert load(tmp_path / "link.so") == load(str(library_file)) == spare


@pytest.mark.parametrize(
    ("macros", "match"),
    [
        ({"NAME": '"Tiny"', "ENVIRONMENTS": "Tiny,Tiny"}, "two of its environments are called"),
        ({"NAME": '"a/b"', "ENVIRONMENTS": "Tiny"}, "'a/b'; a `name` is made of letters"),
    ],
)
def test_names_that_cannot_be_are_told(build, macros, match):
    with pytest.raises(ImportError, match=match):
        load(build(TINY, MODULE="tiny", **macros))


def test_a_compiler_that_fuses_is_told(build):
    if core.instruction_set() == "baseline":
        pytest.skip("this machine cannot fuse")
    path = build(TABLE, "-O2", "-ffp-contract=fast", **HEAD)
    with pytest.raises(ImportError, match="without -ffp-contract=off"):
        load(path)


def test_an_environment_of_no_library_is_told():
    spec = gym.envs.registration.EnvSpec("x/Y-v0", "dromos.native.modules:x/YEnv")
    with pytest.raises(AttributeError, match=r"No library was loaded of which x/YEnv .*load"):
        gym.make(spec)


def test_a_plug_in_that_fails_gives_a_warning(tmp_path):
    info = tmp_path / "odd-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[dromos.native]\nodd = no_such_library\n")
    program = f"""
import sys, warnings; sys.path.append({str(tmp_path)!r})
import dromos as gym
from dromos.registration import load_plugins
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    load_plugins()
print([str(each.message) for each in told])
"""
    assert "`odd` (no_such_library) could not be loaded" in run(sys.executable, "-c", program)


def test_a_plug_in_needs_no_python(library_file, tmp_path):
    shutil.copy(library_file, tmp_path / "spare_library.so")
    info = tmp_path / "spare-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: spare\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[dromos.native]\nspare = spare_library\n")
    program = f"""
import sys; sys.path.append({str(tmp_path)!r})
import dromos as gym
print(gym.make_vec("spare/CartPole-v0", 3).reset(seed=0)[0].shape)
"""
    assert run(sys.executable, "-c", program) == "(3, 4)\n"
