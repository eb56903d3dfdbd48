"""A CSV file from the choice of the file to the last card."""
