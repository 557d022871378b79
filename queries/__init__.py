"""What is asked of the census database and what is put into it."""
