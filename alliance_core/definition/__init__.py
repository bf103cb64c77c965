"""From a TOML file to an `Instrument`, or to one sentence for each fault.

`head` reads only what a list shows, `load` reads everything: `shape` brings the file's tables into order, `structure`
gives them types, `checks` holds them against each other, `proof` computes the file's own examples, `digest` says when
two definitions score alike.
"""
