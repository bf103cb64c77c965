"""Files of answers.

`reading` reads CSV strictly, `cells` turns text into exact answers, `mapping` is what a map says of a file, and `forms`
gives its rows as forms.
"""
