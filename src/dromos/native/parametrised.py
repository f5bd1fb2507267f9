"""Classes of environments whose parameters are those of native dynamics."""

from __future__ import annotations

import inspect
from abc import ABCMeta
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from dromos.error import did_you_mean
from dromos.homes import adopt
from dromos.native.fields import field_names
from dromos.native.parameters import Derived, LaneParameter, Parameter

__all__ = ["Parametrised"]


class _ParametrisedType(ABCMeta):
    """The class of the classes: what is set in the place of a parameter becomes its default."""

    def __setattr__(cls: type[Parametrised], name: str, value: Any) -> None:  # type: ignore[misc]
        declared = cls._declared.get(name)
        if declared is None or value is declared:
            cls._forget_constant(name)  # a mock puts back what was there
            type.__setattr__(cls, name, value)
        else:
            constants = vars(cls).get("_constants", {})
            type.__setattr__(cls, "_constants", {**constants, **cls.as_parameters({name: value})})
            cls._defaults_changed()

    def __delattr__(cls: type[Parametrised], name: str) -> None:  # type: ignore[misc]
        if not cls._forget_constant(name):
            type.__delattr__(cls, name)


@adopt
class Parametrised(metaclass=_ParametrisedType):
    """Base of a class that names native dynamics.

    A class that does gets a `Parameter` for each field of the dynamics' parameters, which
    annotations may tell type checkers of (``gravity: float``), and a section of its docstring that
    describes them. Parameters that mean more than numbers its body declares.

    Further subclasses may set parameters in their bodies: they are the defaults of their
    environments. The dynamics call nothing of a class, so that what Gymnasium's would call is
    refused in a subclass, unless it calls it itself.

    Attributes:
        dynamics: The name of the native dynamics.
        parameters: The parameters by name, in the order of the core's fields.
        uncalled: What Gymnasium's environment calls in `step` and `reset`, and this one does not.
    """

    dynamics: ClassVar[str]
    parameters: ClassVar[Mapping[str, LaneParameter[Any]]] = {}
    uncalled: ClassVar[tuple[str, ...]] = ()

    #: The parameters, and what is derived from them.
    _declared: ClassVar[Mapping[str, LaneParameter[Any] | Derived[Any]]] = {}
    #: Those of `uncalled` that the class or a base of it defines.
    _uncalled: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Declare parameters, take class constants, refuse what nothing would call.

        Raises:
            TypeError: If the class defines what nothing calls, or a parameter of a wrong type.
            ValueError: If a parameter is out of range.
        """
        super().__init_subclass__(**kwargs)
        body = vars(cls)
        if "dynamics" in body:
            cls.parameters = _declared_parameters(cls)
            derived = {name: value for name, value in body.items() if isinstance(value, Derived)}
            cls._declared = {**cls.parameters, **derived}
            cls.__doc__ = _documented(cls)
        owners = cls._owners()
        constants = {
            name: value
            for owner in owners
            for name, value in vars(owner).items()
            if name in cls._declared and value is not cls._declared[name]
        }
        for name in constants.keys() | (cls.parameters.keys() if "dynamics" in body else ()):
            type.__setattr__(cls, name, cls._declared[name])
        for name, value in constants.items():
            setattr(cls, name, value)
        defined = {name for owner in owners[1:] for name in vars(owner)}
        cls._uncalled = tuple(name for name in cls.uncalled if name in defined)
        if cls._uncalled and not cls._calls_itself():
            cls.refuse_uncalled()

    @classmethod
    def class_constants(cls) -> dict[str, Any]:
        """Return the parameters that this class and its bases have set: the new defaults."""
        constants: dict[str, Any] = {}
        for owner in cls._owners():
            constants.update(vars(owner).get("_constants", ()))
        return constants

    @classmethod
    def as_parameters(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return arguments or class constants as parameters of legal values.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a value is out of range.
        """
        values: dict[str, Any] = {}
        for name, value in given.items():
            declared = cls._declared.get(name)
            values.update(
                declared.giving(value) if isinstance(declared, Derived) else {name: value}
            )
        for name, value in values.items():
            cls.parameter(name).check_given(value, None)
        return values

    @classmethod
    def parameter(cls, name: str) -> LaneParameter[Any]:
        """Return the declaration of a parameter.

        Raises:
            TypeError: If there is none of this name; the message lists those there are.
        """
        declared = cls.parameters.get(name)
        if declared is None:
            raise TypeError(
                f"{cls.__name__} got an unexpected keyword argument {name!r}."
                f"{did_you_mean(name, cls.parameters)} Its parameters: {', '.join(cls.parameters)}"
            )
        return declared

    @classmethod
    def parameter_names(cls) -> list[str]:
        """Return the names of the parameters, in the order of the core's fields."""
        return list(cls.parameters)

    @classmethod
    def refuse_uncalled(cls) -> None:
        """Raise if the class or one of its bases defines what nothing here calls.

        Raises:
            TypeError: If it does.
        """
        if cls._uncalled:
            raise TypeError(
                f"{cls.__name__} defines {', '.join(cls._uncalled)}, which Gymnasium's "
                f"{cls._owners()[0].__name__} calls in its step or reset; here these are native "
                "and call nothing of the class. Define `step` and `reset` in the class too, "
                "without those of the base, wrap the environment, or set its parameters: "
                f"{', '.join(cls.parameters)}"
            )

    @classmethod
    def _calls_itself(cls) -> bool:
        """Return whether the class has calls of its own, which may call what it defines."""
        return False

    @classmethod
    def _defaults_changed(cls) -> None:
        """Forget what was made of the defaults."""

    @classmethod
    def _forget_constant(cls, name: str) -> bool:
        constants = vars(cls).get("_constants", {})
        if name not in constants:
            return False
        del constants[name]
        cls._defaults_changed()
        return True

    @classmethod
    def _owners(cls) -> list[type]:
        """Return the class that names the dynamics and those between it and this one, from it on.

        Empty for a class without dynamics.
        """
        owners: list[type] = []
        for owner in cls.__mro__:
            owners.insert(0, owner)
            if "dynamics" in vars(owner):
                return owners
        return []


def _declared_parameters(cls: type[Parametrised]) -> dict[str, LaneParameter[Any]]:
    """Return the parameters of a class; what its body does not declare is a field as it is."""
    declared = {p.fields[0]: p for p in vars(cls).values() if isinstance(p, LaneParameter)}
    others = {field for p in declared.values() for field in p.fields[1:]}
    parameters: dict[str, LaneParameter[Any]] = {}
    for name, field in field_names(cls.dynamics, "params").items():
        parameter = declared.get(name)
        if parameter is None and name not in others:
            parameter = Parameter(field)
            parameter.__set_name__(cls, name)
        if parameter is not None:
            parameters[parameter.name] = parameter
    _refuse_taken(cls, parameters)
    return parameters


def _refuse_taken(cls: type[Parametrised], names: Iterable[str]) -> None:
    """Raise a `TypeError` if a parameter is called what environments have for another reason."""
    for name in names:
        for owner in cls.__mro__[1:]:
            if name in vars(owner) and name not in getattr(owner, "_declared", {}):
                raise TypeError(
                    f"{cls.__name__}: the parameter {name!r} of {cls.dynamics} has the name of "
                    f"{owner.__name__}.{name}; give its Field another one"
                )


def _documented(cls: type[Parametrised]) -> str:
    """Return the docstring of a class with a section that describes its parameters."""
    lines = [
        f"    {name}: {parameter.described(cls.dynamics)}."
        for name, parameter in cls.parameters.items()
    ]
    return "\n".join([inspect.cleandoc(cls.__doc__ or ""), "", "Parameters:", *lines, ""])
