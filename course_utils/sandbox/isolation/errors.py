"""What is raised when a process cannot be confined."""


class IsolationError(RuntimeError):
    """Names the mechanism that failed and the system's reason."""


def reason(error):
    """Return an exception as one line, such as ``PermissionError: [Errno 1] mount: …``."""
    return f"{type(error).__name__}: {error}"
