"""Auditing scores that somebody else computed.

`compare` recomputes the scores that a file carries and says which differ; `suspects` lists the single mistakes that
people make with a key; `explain` finds those that reproduce the whole file.
"""
