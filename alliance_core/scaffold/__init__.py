"""What helps the author of a measure: a new plugin from nothing, a preview of form and key, the facts in its README."""
