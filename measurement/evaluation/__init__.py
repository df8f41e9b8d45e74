"""Did mentoring work? Designs, estimators and the plan that fixes both beforehand.

One module per question; nothing is imported here, for some of them need slow libraries.
"""
