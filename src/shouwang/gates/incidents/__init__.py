"""What went wrong at a gate, the pass that a guard took, who looked at it afterwards, and who says that it was not right."""
