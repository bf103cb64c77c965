"""Loading one plugin module: imported, its hooks checked by name and argument, registered. Only then is it called."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from types import ModuleType
from typing import Any

import pluggy

from alliance_core import hookspecs
from alliance_core.errors import PluginError
from alliance_core.plugins.sentences import nearest

PREFIX = hookspecs.PROJECT + "_"


class Loader:
    """A plugin manager that holds exactly the modules that were asked for.

    Args:
        specifications: The module of hook specifications; another than the core's own only in tests of evolution.
    """

    def __init__(self, specifications: ModuleType = hookspecs) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(specifications)
        self._arguments = {
            name: tuple(inspect.signature(function).parameters)
            for name, function in vars(specifications).items()
            if self._manager.parse_hookspec_opts(specifications, name) is not None
        }

    def load(self, name: str) -> ModuleType:
        """Import a module and register its hooks, once. Whatever the import raises is raised here.

        Raises:
            PluginError: If a hook is misspelt or takes arguments that the core does not give. Nothing is registered.
        """
        with redirect_stdout(sys.stderr):  # a plugin that prints while it is imported must not spoil what is piped on
            module = import_module(name)
        if self._manager.has_plugin(name):
            return module
        faults = list(self._faults(module))
        if faults:
            raise PluginError("; ".join(faults))
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            raise
        return module

    def call(self, module: ModuleType, hook: str, **arguments: Any) -> Any:
        """What one module's hook returns; no other plugin is asked or can change it.

        Raises:
            PluginError: If the module does not implement the hook.
        """
        caller = getattr(self._manager.hook, hook)
        if all(implementation.plugin is not module for implementation in caller.get_hookimpls()):
            raise PluginError(f"{module.__name__} does not implement {hook}")
        others = [plugin for plugin in self._manager.get_plugins() if plugin is not module]
        with redirect_stdout(sys.stderr):
            result = self._manager.subset_hook_caller(hook, others)(**arguments)
        if caller.spec is not None and caller.spec.opts["firstresult"]:
            return result
        return result[0] if result else None

    def implements(self, module: ModuleType, hook: str) -> bool:
        """Whether a loaded module implements a hook."""
        return any(found.plugin is module for found in getattr(self._manager.hook, hook).get_hookimpls())

    def _faults(self, module: ModuleType) -> Iterator[str]:
        for name, value in sorted(vars(module).items()):
            options = self._manager.parse_hookimpl_opts(module, name)
            if options is None:
                if _looks_like_a_hook(module, name, value):
                    yield _undecorated(name, self._arguments)
            elif not options["optionalhook"]:
                yield from _wrong_hook(options["specname"] or name, value, self._arguments)


def _wrong_hook(hook: str, function: Any, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if hook not in known:
        yield _misspelt(hook, known)
        return
    for name in _demanded(function):
        if name not in known[hook]:
            yield f"{hook} takes {name!r}, which the hook does not give; it is {hook}({', '.join(known[hook])})"


def _demanded(function: Any) -> Iterator[str]:
    """The arguments without which a function cannot be called."""
    for argument in inspect.signature(function).parameters.values():
        many = argument.kind in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
        if argument.default is argument.empty and not many:
            yield argument.name


def _looks_like_a_hook(module: ModuleType, name: str, value: Any) -> bool:
    return name.startswith(PREFIX) and inspect.isfunction(value) and value.__module__ == module.__name__


def _undecorated(name: str, known: Mapping[str, tuple[str, ...]]) -> str:
    return f"{name} is not marked as a hook; write @hookimpl above it" if name in known else _misspelt(name, known)


def _misspelt(name: str, known: Mapping[str, tuple[str, ...]]) -> str:
    by_verb = {hook.removeprefix(PREFIX): hook for hook in known}  # the prefix alone would make any two names alike
    near = by_verb.get(nearest(name.removeprefix(PREFIX), by_verb) or "")
    hint = f"the nearest is {near}" if near else f"the hooks are {', '.join(sorted(known))}"
    return f"misspelt hook {name}; {hint}"
