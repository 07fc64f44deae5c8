"""The list desk: what is pushed from above is found in the register, asked about, decided and returned."""
