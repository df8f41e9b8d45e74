"""LSAT-6: answers of 1,000 people to five items, printed in Bock & Lieberman (1970),
Psychometrika 35, 179–197: each pattern and how many gave it."""

import pandas as pd

PATTERNS = """\
00000 3   00001 6   00010 2   00011 11  00100 1   00101 1   00110 3   00111 4   01000 1   01001 8
01011 16  01101 3   01110 2   01111 15  10000 10  10001 29  10010 14  10011 81  10100 3   10101 28
10110 15  10111 80  11000 16  11001 56  11010 21  11011 173 11100 11  11101 61  11110 28  11111 298
"""
WORDS = PATTERNS.split()

LSAT6 = pd.DataFrame(
    [
        [int(answer) for answer in pattern]
        for pattern, n in zip(WORDS[::2], WORDS[1::2], strict=True)
        for _ in range(int(n))
    ],
    columns=["i1", "i2", "i3", "i4", "i5"],
)
