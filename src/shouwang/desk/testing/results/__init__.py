"""检测结果: files of laboratories, what is held for somebody, tubes that have to be taken again."""
