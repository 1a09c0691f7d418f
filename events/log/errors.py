"""Why something was not accepted by the log: one class for each kind of reason."""


class LogError(ValueError):
    """The base of every refusal in this package; `str()` is a sentence for an operator."""


class MalformedError(LogError):
    """Bytes from outside are not in the format they claim to be."""


class TooLargeError(MalformedError):
    """Something is over a stated limit (a size, a count, a length)."""


class KeyFormatError(MalformedError):
    """A verifier or signer key line cannot be used."""


class EntryError(MalformedError):
    """A document cannot be, or is not, a canonical log entry."""


class ProofError(LogError):
    """A Merkle proof does not show what it was offered to show."""


class SignatureError(LogError):
    """A needed signature is missing or does not verify."""


class EdgeError(LogError):
    """The stored right edge of the tree contradicts itself or its recorded root."""
