"""The versions that notebooks print."""

from importlib import metadata

import pytest

from course_utils.versions import version


@pytest.mark.parametrize("package", ["numpy", "scikit-learn", "torch", "course-utils"])
def test_a_version_is_that_of_the_metadata(package):
    assert version(package) == metadata.version(package)


def test_a_package_that_is_not_there():
    with pytest.raises(metadata.PackageNotFoundError, match="no-such-package"):
        version("no-such-package")
