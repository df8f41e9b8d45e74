"""What the settings of analyses must not be."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

ENGINES = ("local", "dask")


@register()
def snapshots_are_private(app_configs: Any, **kwargs) -> list[Error]:
    """Snapshots lie below no folder that is served to the public."""
    folder = Path(settings.SNAPSHOTS_ROOT).resolve()
    served = [settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    errors = [
        Error(
            f"The snapshots would lie below {place}, which is served to the public.",
            hint="Name a private folder: TRENZA_SNAPSHOTS=/srv/trenza/snapshots",
            id="analytics.E001",
        )
        for place in served
        if place and folder.is_relative_to(Path(place).resolve())
    ]
    if set("*?[") & set(str(folder)):
        errors.append(
            Error(
                "The folder of snapshots has *, ? or [ in its name: DuckDB takes it for a pattern.",
                hint="Name another folder in TRENZA_SNAPSHOTS.",
                id="analytics.E002",
            )
        )
    return errors


@register()
def engine_is_known(app_configs: Any, **kwargs) -> list[Error]:
    """The engine exists, and Dask knows where its scheduler is."""
    if settings.ANALYTICS_ENGINE not in ENGINES:
        return [
            Error(
                f"There is no engine “{settings.ANALYTICS_ENGINE}” for analyses.",
                hint="Choose one: TRENZA_ENGINE=local or TRENZA_ENGINE=dask",
                id="analytics.E003",
            )
        ]
    if settings.ANALYTICS_ENGINE == "dask" and not settings.DASK_SCHEDULER:
        return [
            Error(
                "The engine is dask, but nobody said where its scheduler is.",
                hint="Name it: TRENZA_DASK_SCHEDULER=tcp://10.0.0.5:8786",
                id="analytics.E004",
            )
        ]
    return []
