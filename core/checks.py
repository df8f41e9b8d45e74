"""System checks of the house itself."""

from django.conf import settings
from django.core.checks import Error, register
from django.template import engines


@register("templates")
def components_are_declared(app_configs, **kwargs) -> list[Error]:
    """Each template in templates/components/ is declared, and each declaration has one."""
    from core.templatetags.components import COMPONENTS  # noqa: PLC0415 — needs the engine set up

    folder = settings.BASE_DIR / "templates" / "components"
    found = {file.stem for file in folder.glob("*.html")}
    engines["django"]  # a broken engine is reported as itself, not as missing components
    return [
        Error(
            f"The component “{name}” is "
            + ("declared but has no template." if name in COMPONENTS else "not declared."),
            hint="Keep core/templatetags/components.py and templates/components/ in step.",
            id="core.E001",
        )
        for name in sorted(found ^ set(COMPONENTS))
    ]
