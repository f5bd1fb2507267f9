"""The errors of releases before 1.0: today's, and those that nothing raises any more.

Programs name them in ``except`` clauses.
"""

from __future__ import annotations

from dromos.error import (
    AlreadyPendingCallError,
    ClosedEnvironmentError,
    CustomSpaceError,
    DependencyNotInstalled,
    DeprecatedEnv,
    DeprecatedWrapper,
    Error,
    InvalidAction,
    InvalidBound,
    InvalidJson,
    InvalidMetadata,
    InvalidProbability,
    MissingArgument,
    NameNotFound,
    NamespaceNotFound,
    NoAsyncCallError,
    RegistrationError,
    ResetNeeded,
    SnapshotError,
    UnregisteredEnv,
    UnsupportedMode,
    VersionNotFound,
    WorkerError,
)

__all__ = [
    "APIConnectionError",
    "APIError",
    "AlreadyPendingCallError",
    "AuthenticationError",
    "ClosedEnvironmentError",
    "CustomSpaceError",
    "DependencyNotInstalled",
    "DeprecatedEnv",
    "DeprecatedWrapper",
    "DoubleWrapperError",
    "Error",
    "InvalidAction",
    "InvalidBound",
    "InvalidFrame",
    "InvalidJson",
    "InvalidMetadata",
    "InvalidProbability",
    "InvalidRequestError",
    "MissingArgument",
    "NameNotFound",
    "NamespaceNotFound",
    "NoAsyncCallError",
    "RateLimitError",
    "RegistrationError",
    "ResetNeeded",
    "ResetNotAllowed",
    "RetriesExceededError",
    "SnapshotError",
    "Unregistered",
    "UnregisteredBenchmark",
    "UnregisteredEnv",
    "UnseedableEnv",
    "UnsupportedMode",
    "VersionNotFound",
    "VideoRecorderError",
    "WorkerError",
    "WrapAfterConfigureError",
]

#: What `UnregisteredEnv` was called at first.
Unregistered = UnregisteredEnv


class DoubleWrapperError(Error):
    """A wrapper of the same name is in the stack already."""


class UnregisteredBenchmark(Unregistered):
    """There is no such benchmark."""


class UnseedableEnv(Error):
    """The environment cannot be seeded."""


class ResetNotAllowed(Error):
    """The episode is not over, and a monitor insists on whole ones."""


class InvalidFrame(Error):
    """A frame has another form than it should."""


class WrapAfterConfigureError(Error):
    """The environment was configured before it was wrapped."""


class RetriesExceededError(Error):
    """A connection was tried too often."""


class VideoRecorderError(Error):
    """A video cannot be written."""


class APIError(Error):
    """The scoreboard of OpenAI, which is closed, answered with an error."""


class APIConnectionError(APIError):
    """The scoreboard could not be reached."""


class InvalidRequestError(APIError):
    """The scoreboard did not understand."""


class AuthenticationError(APIError):
    """The scoreboard refused the key."""


class RateLimitError(APIError):
    """The scoreboard was asked too often."""
