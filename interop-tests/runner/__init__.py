"""The interop runner: real clients against real providers, every cell through the gateway."""
