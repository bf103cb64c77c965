"""Forms on paper: `form` makes the page, `code` the code on it by which it is matched back when it is keyed in."""
