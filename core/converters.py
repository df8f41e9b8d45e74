"""Parts of an address, beyond those that Django knows."""

from django.urls.converters import IntConverter


class Int64Converter(IntConverter):
    """A number that databases can look for: SQLite breaks off at one of more than 64 bits."""

    regex = "[0-9]{1,18}"
