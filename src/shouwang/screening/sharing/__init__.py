"""Lists that came to a street or a district: each row goes to the community it belongs to, the rest is handed out."""
