"""What a type checker without the plugin must accept, with exact types; basedpyright reads it, and nothing runs it."""
