"""Lets one write fail: before it happens, or after it, when only the answer is lost."""


class Broken(Exception):  # noqa: N818  it stands for a crash
    pass


def breaks(monkeypatch, place, name, when):
    """Let a write fail once: before it happens, or after, when only the answer is lost."""
    whole = getattr(place, name)
    left = [1]

    def write(*arguments, **more):
        if not left:
            return whole(*arguments, **more)
        left.pop()
        if when == "reported lost":
            whole(*arguments, **more)
        raise Broken

    monkeypatch.setattr(place, name, write)
    return left
