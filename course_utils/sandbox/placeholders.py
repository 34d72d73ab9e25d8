"""Libraries that a process does without: an import gives something inert, and its use fails.

So whoever imports a library and does not use it loses nothing, and whoever uses it gets no further.
"""

import importlib.abc
import importlib.machinery
import sys
import types

NOT_HERE = " is not here"


class NotHereError(RuntimeError):
    """Something of a library was used in a process that does without it."""


def install(names):
    """Let this process do without libraries and functions from now on.

    Parameters
    ----------
    names : iterable of str
        Modules that have not been loaded ("scipy"), or what a loaded module holds
        ("numpy.convolve"): functions, and modules inside of it.

    Raises
    ------
    ValueError
        A library has been loaded already: what it left in memory can be found there.
    """
    names = set(names)
    libraries = {name for name in names if "." not in name}
    loaded = sorted(libraries & set(sys.modules))
    if loaded:
        raise ValueError(f"{', '.join(loaded)} cannot be taken away: it has been loaded")
    sys.meta_path.insert(0, _Finder(names))
    for name in names - libraries:
        _replace(name)


def _replace(name):
    """Put a placeholder wherever a loaded package holds a function, or what it calls in C."""
    package, _, attribute = name.rpartition(".")
    placeholder = Placeholder(name)
    for module_name, module in list(sys.modules.items()):
        if module_name == name or module_name.startswith(f"{name}."):
            del sys.modules[module_name]
        elif module_name.partition(".")[0] == package.partition(".")[0]:
            held = vars(module)
            for key in [key for key in held if key.strip("_0123456789") == attribute]:
                held[key] = placeholder


class Placeholder:
    """Stands for a module, class or function of a library that is not here.

    Its attributes are placeholders; calling, indexing or computing with one fails, and
    nothing is an instance of one.
    """

    def __init__(self, name):
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, name):
        if name.startswith("__"):  # Python's own questions
            raise AttributeError(name)
        return Placeholder(f"{self.__name__}.{name}")

    def __mro_entries__(self, bases):
        return ()  # a class that derives from it can be written down

    def __instancecheck__(self, instance):
        return False

    def __subclasscheck__(self, cls):
        return False

    def __repr__(self):
        return f"<{self.__name__}, which is not here>"


class _PlaceholderModule(types.ModuleType):
    __getattr__ = Placeholder.__getattr__


def _fails(self, *args, **kwargs):
    raise NotHereError(f"{self.__name__}{NOT_HERE}: this task is to be done by hand")


for _operator in (
    *("add", "radd", "sub", "rsub", "mul", "rmul", "matmul", "rmatmul", "truediv", "rtruediv"),
    *("call", "getitem", "setitem", "iter", "len", "enter", "exit", "bool", "float", "int"),
    *("index", "lt", "le", "gt", "ge", "neg", "contains", "array"),
):
    setattr(Placeholder, f"__{_operator}__", _fails)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names):
        self._names = names

    def find_spec(self, name, path=None, target=None):
        parts = name.split(".")
        if any(".".join(parts[:end]) in self._names for end in range(1, len(parts) + 1)):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _PlaceholderModule(spec.name)

    def exec_module(self, module):
        pass
