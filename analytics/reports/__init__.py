"""What a stored result says: declared once, and shown as page, PDF, workbook and JSON schema.

A result is plain JSON without words: codes, numbers and estimates, in sections of tables. A report
(``validity``, ``evaluation``) declares which tables there are, what their columns hold and what
each section tells a reader; ``documents.build`` puts both together in the language being read.
"""
