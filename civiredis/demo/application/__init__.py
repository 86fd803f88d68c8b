"""A small application with two registries: image generation, as its web handlers would call it."""
