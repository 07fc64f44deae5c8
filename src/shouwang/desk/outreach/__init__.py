"""通知宣传: who was told, who waits to be told, and what stands in the way."""
