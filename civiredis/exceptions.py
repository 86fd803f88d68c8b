"""What civiredis raises, as one small hierarchy under `CiviredisError`.

Errors that a server or a connection causes are redis-py's own (`redis.exceptions`), so that existing handlers
keep working; only what redis-py has no word for stands here.
"""

from __future__ import annotations


class CiviredisError(Exception):
    """Base of every error that civiredis itself raises."""


class RegistryError(CiviredisError, TypeError):
    """A registry class is declared wrongly: a base is malformed, or declared twice."""


class RegistryWarning(UserWarning):
    """A base breaks a convention: it works, but a reader will take it for something else."""


class UnknownKeyError(CiviredisError, ValueError):
    """A string handed to `parse()`, or to a client with `check_keys="raise"`, starts with no base of the registry."""


class UnknownKeyWarning(UserWarning):
    """A string handed to a client with `check_keys="warn"` starts with no base of the registry."""


class SettingsError(CiviredisError, ValueError):
    """A setting is missing, unparsable or contradicts another; the message names the variable, never its password."""


class PackError(CiviredisError, TypeError):
    """A value is not of the declared type, or cannot be written as MessagePack; nothing was sent.

    The message names the key and the path inside the value, what was got and what was expected, never the value.
    """


class BrotliMissingError(CiviredisError, ImportError):
    """`compress=True` was asked for, and Brotli is not installed, or too old; nothing was sent."""


class LibraryMissingError(CiviredisError, ImportError):
    """A declared type needs a library that is not installed; the message names the extra that brings it."""


class UnpackError(CiviredisError, ValueError):
    """A stored value on the system server is not of its type, or not MessagePack; nothing was touched."""


class PipelineError(CiviredisError, RuntimeError):
    """A pipeline, or a reply of one, is used before or after its time."""


class EmbeddedServerError(CiviredisError, RuntimeError):
    """An `embedded://` server is not installed or did not start."""
