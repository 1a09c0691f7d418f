"""Errors of the log: one class for each kind of reason."""


class LogError(ValueError):
    """The base of every error in this package; `str()` is a sentence for an operator."""


class MalformedError(LogError):
    """Bytes from outside are not in the format they claim to be."""


class TooLargeError(MalformedError):
    """A size, a count or a length exceeds its limit."""


class KeyFormatError(MalformedError):
    """A verifier or signer key line cannot be used."""


class EntryError(MalformedError):
    """A document cannot be, or is not, a canonical log entry."""


class ProofError(LogError):
    """A Merkle proof does not prove the claim."""


class SignatureError(LogError):
    """A required signature is missing or does not verify."""


class EdgeError(LogError):
    """The stored right edge of the tree contradicts itself or its recorded root."""
