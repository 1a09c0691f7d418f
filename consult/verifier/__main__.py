"""Prints the digest of the shipped verifier, as `sha256sum --check` takes it."""

import sys

from consult.verifier.shipped import NAME, program

if __name__ == "__main__":
    sys.stdout.write(f"{program().digest}  {NAME}\n")
