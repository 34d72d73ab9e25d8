"""Settings in ``nbgrader_config.py`` that nothing reads: most likely misspelt.

nbgrader says nothing of a section that no class has, and a limit that was to be raised stays.
"""

import difflib
import itertools
import re

from nbgrader.apps import NbGraderApp
from traitlets import Type
from traitlets.config import Configurable
from traitlets.utils.importstring import import_item

ALIKE = 0.75  # of a section that may also be another program's, as the file is read by Jupyter too
_DOTTED = re.compile(r"(?:\w+\.)+[A-Z]\w*")


def misspelt_options(config):
    """Return a sentence for each setting that no class of nbgrader's or of the course's has.

    Parameters
    ----------
    config : traitlets.config.Config
    """
    known = {}  # section -> its settings; classes share names, and inherit their parents' sections
    classes = NbGraderApp().classes
    for kind in [*classes, *itertools.chain(*map(_plugins, classes)), *_named_in(config)]:
        for base in kind.mro():
            if issubclass(base, Configurable):
                known.setdefault(base.__name__, set()).update(base.class_trait_names())
    told = []
    for section, settings in config.items():
        if section not in known:
            near = difflib.get_close_matches(section, known, n=1, cutoff=ALIKE)
            told += [f"c.{section} is nobody's section; did you mean c.{near[0]}?" for _ in near]
            continue
        for name in settings.keys() - known[section]:
            near = difflib.get_close_matches(name, known[section], n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            told.append(f"c.{section}.{name} is no setting of {section}{hint}")
    return sorted(told)


def _plugins(kind):
    """The classes that a class makes use of, where nothing else is said."""
    for trait in kind.class_traits().values():
        if isinstance(trait, Type) and trait.default_value:
            value = trait.default_value
            yield import_item(value) if isinstance(value, str) else value


def _named_in(config):
    """The classes that the configuration names as its steps and plugins."""
    for section in config.values():
        for value in section.values():
            for name in value if isinstance(value, list) else [value]:
                if isinstance(name, str) and _DOTTED.fullmatch(name):
                    found = import_item(name)
                    if isinstance(found, type) and issubclass(found, Configurable):
                        yield found
