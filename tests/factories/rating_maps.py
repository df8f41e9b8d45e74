"""A map of ratings that holds one of each kind of entry."""

WIDE = b"""
instrument = "taller"
header_rows = 2
[columns]
object = ["Sala"]
rater = "Observadora"
[read]
not_applicable = ["N/A"]
replace = { "A?" = "A" }
[scales.letras]
values = { B = 1, M = 2, A = 3 }
[scales.pasos]
minimum = 0
maximum = 3
[[items]]
columns = ["C:D"]
scale = "pasos"
domain = "CAL"
[[items]]
columns = ["Voz"]
codes = ["V1"]
scale = "letras"
domain = "LEN"
"""
