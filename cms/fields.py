"""Fields of pages."""

from wagtail.fields import StreamField


class ContentField(StreamField):
    """A stream whose block definitions stay out of migrations while they still move."""

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
