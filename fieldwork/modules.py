"""What apps show in the field: scripts with their words, registered in ``AppConfig.ready``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Module:
    """A part of the page under /campo/, shown at ``#/<name>/…``.

    ``script``: a static ES module with ``export default {mount(element, engine, texts, path)}``.
    ``files``: static files beyond it that it needs without a network; its style sheets are linked.
    ``texts``: what it says, by key; ``plurals``: likewise, each an ``ngettext_lazy`` over ``n``.
    Its records are those whose kind begins with ``<name>.``.
    """

    name: str
    script: str
    title: str | Promise
    files: tuple[str, ...] = ()
    texts: Mapping[str, str | Promise] = field(default_factory=dict)
    plurals: Mapping[str, Promise] = field(default_factory=dict)


_modules: dict[str, Module] = {}


def register(module: Module) -> None:
    """Add ``module`` to the page; a second of the same name is a mistake of the program."""
    if _modules.setdefault(module.name, module) != module:
        raise ValueError(f"Two modules of the field are called {module.name}.")


def modules() -> list[Module]:
    """All modules, by name."""
    return [_modules[name] for name in sorted(_modules)]
