"""Values of declared types: how each type is read from what is stored, and written to it."""
