"""How every form is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Errors first, then fields with label, help and error tied together: templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
