"""Pages for anybody in the street: no log-in, no script needed, no way to read or probe the register."""
