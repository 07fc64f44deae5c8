"""Forms as they leave: counted, put together, printed."""
