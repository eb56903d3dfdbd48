"""The screens from the choice of a CSV file to its last card; the batch itself runs in the
session."""
