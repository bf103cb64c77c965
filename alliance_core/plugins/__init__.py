"""Plugins: found without importing them (`entries`), loaded alone and contained (`manager`), listed and checked."""
