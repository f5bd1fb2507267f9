"""Our models compile to those of the peer, in everything that moves the physics."""

from pathlib import Path

import gymnasium
import mujoco
import numpy as np
import pytest

from dromos.envs.mujoco.models import ASSETS, compiled_model, expand_model_path

PEER = Path(gymnasium.__file__).parent / "envs" / "mujoco" / "assets"
NAMES = sorted(path.name for path in Path(ASSETS).glob("*.xml"))

#: What only pictures, names and memory are made of: fields that no stage of a step reads.
SHOWN = ("tex", "mat_", "light_", "cam_", "name", "numeric", "text_", "path", "mesh_", "skin_")
SIZES = {
    *("ntex", "nmat", "nlight", "nnames", "nnames_map", "npaths", "nnumeric", "nnumericdata"),
    *("ntexdata", "nbuffer", "narena", "nkey", "nuser_geom", "signature", "geom_user"),
    *("geom_rgba", "geom_matid", "site_rgba", "site_matid", "tendon_rgba", "tendon_matid"),
}


def fields_of(struct):
    for name in dir(struct):
        value = getattr(struct, name)
        if not name.startswith("_") and isinstance(value, int | float | np.ndarray):
            yield name, value


def physics_of(model):
    fields = {
        name: value
        for name, value in fields_of(model)
        if name not in SIZES and not name.startswith((*SHOWN, "key_"))
    }
    fields |= {f"opt.{name}": value for name, value in fields_of(model.opt)}
    return fields | {"stat.meaninertia": model.stat.meaninertia}


def test_all_models_of_the_version_are_there():
    needed = {path.name for path in PEER.glob("*.xml")} - {"pusher.xml"}  # for MuJoCo before 3
    assert set(NAMES) == needed


@pytest.mark.parametrize("name", NAMES)
def test_same_physics(name):
    theirs = physics_of(mujoco.MjModel.from_xml_path(str(PEER / name)))
    ours = physics_of(compiled_model(expand_model_path(name)))
    assert ours.keys() == theirs.keys()
    assert len(ours) > 300
    for field, value in theirs.items():
        np.testing.assert_array_equal(ours[field], value, err_msg=field)


@pytest.mark.parametrize("name", NAMES)
def test_same_names(name):
    theirs = mujoco.MjModel.from_xml_path(str(PEER / name))
    ours = compiled_model(expand_model_path(name))
    for kind, count in (
        ("body", "nbody"),
        ("joint", "njnt"),
        ("geom", "ngeom"),
        ("camera", "ncam"),
    ):
        names = [
            [getattr(model, kind)(number).name for number in range(getattr(model, count))]
            for model in (ours, theirs)
        ]
        assert names[0] == names[1]
    assert ours.actuator(0).name == theirs.actuator(0).name


def test_a_model_is_compiled_once_and_anew_when_its_file_changes(tmp_path):
    path = tmp_path / "box.xml"
    path.write_text("<mujoco><worldbody><body><geom size='1'/></body></worldbody></mujoco>")
    first = compiled_model(str(path))
    assert compiled_model(str(path)) is first
    path.write_text("<mujoco><worldbody><body><geom size='2'/></body></worldbody></mujoco>")
    assert compiled_model(str(path)).geom_size[0, 0] == 2


def test_errors_name_the_file(tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text("<mujoco><nonsense/></mujoco>")
    with pytest.raises(ValueError, match=r"(?s)broken\.xml: .*nonsense"):
        compiled_model(str(path))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"broken\.xml"):
        compiled_model(str(path))
    with pytest.raises(FileNotFoundError, match=r"no_robot\.xml does not exist.*ant\.xml"):
        expand_model_path("no_robot.xml")
