"""In place of numpy, which comes with pandas: see ``pandas.py`` beside this file."""

raise ImportError("numpy is hidden from this command")
