"""赋码人员: people given a code because they were at a place at a time, and their request to have it taken back (转码)."""
