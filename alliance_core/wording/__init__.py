"""The text of a measure's items in one language, apart from its definition: reading, checking, matching, choosing.

`record` says what a wording is and `document` how it is written down; `reading` takes any file that `from_toml`,
`from_csv`, `from_fhir` and `from_redcap` understand; `matching` and `labels` find a measure's items among the questions
of a foreign file; `checks` and `polarity` hold a wording against its definition; `shown` says what a person is shown.
"""
