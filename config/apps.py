from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The top of the house: settings, routes, and commands that need every app."""

    name = "config"
