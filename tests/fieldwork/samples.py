"""Values that have one canonical form in every language; what is hard in them is said beside."""

SAMPLES = [
    {},
    [],
    "",
    None,
    True,
    0,
    -7,
    2**53 - 1,
    {"b": 1, "a": {"d": [1, 2, {"z": None, "y": False}], "c": []}},
    {"10": 1, "9": 2, "1": 3},  # names are texts, also those that look like numbers
    {"é": 1, "e": 2, "z": 3, "Z": 4, "_": 5, "": 6},
    {"\U0001f600": 1, "\uff5e": 2, "\ue000": 3},  # by code point, not by UTF-16 unit
    {"ab": 1, "a": 2, "a\U0001f600": 3, "a\uffff": 4},
    'quote " backslash \\ slash /',
    "\b\f\n\r\t\x01\x1f\x7f\x80\u2028\u2029\ufeff",  # escapes, and what looks as if it needed one
    "niña, ¿qué tal? 👩🏽‍🍼 日本語 e\u0301",
    [[[[[["deep"]]]]], {"a": {"a": {"a": {"a": 1}}}}],
    {"__proto__x": 1, "constructor": 2, "toString": 3},
]
