"""卡口事件: what happened at gates, looked at by somebody else, and objections to a pass being withdrawn."""
