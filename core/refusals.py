"""How a rule says no."""


class Refusal(Exception):  # noqa: N818 — a refusal is no error: the rule worked
    """A rule of some policy refuses; its text is a translated sentence that a user can act on.

    Views need not catch it: the middleware answers 409 with the sentence. Forms that can show it
    beside a field catch it and add it there.
    """
