"""How every form is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields with label, help and error tied together: templates/forms/field.html."""

    field_template_name = "forms/field.html"
