"""What an editor shows: the plugin behind a language server, over the messages that editors send."""
