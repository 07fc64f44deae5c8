"""卡口: gates at the desk."""
