"""Pure statistics: frames or arrays in, values out.

No Django, no clock, no hidden randomness: what needs chance takes ``rng: np.random.Generator``.
Too few data are an answer (``Estimate.insufficient``), wrong data are a ``ValueError``.
Nothing is imported here, so that a web process pays for pandas and scipy only when it counts.
"""
