"""The command line, as it is called: in processes of its own."""
