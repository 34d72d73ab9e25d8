"""Which version of a package is installed."""

from importlib import metadata


def version(package):
    """Return the version of an installed package, such as "2.4.6".

    As ``importlib.metadata.version``, which parses a package's whole description, page after
    page, for this one line; every notebook begins with it.

    Parameters
    ----------
    package : str
        Its name on PyPI.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        It is not installed.
    """
    found = metadata.distribution(package)
    for line in (found.read_text("METADATA") or "").splitlines():
        if line.startswith("Version:"):
            return line.removeprefix("Version:").strip()
    return found.version  # a package in an older format keeps it elsewhere
