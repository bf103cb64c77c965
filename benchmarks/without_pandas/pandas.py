"""In place of pandas, for every command but the pandas scripts.

sqlite-utils imports pandas and numpy wherever they are installed; a clinic has no reason to install them.
"""

raise ImportError("pandas is hidden from this command")
