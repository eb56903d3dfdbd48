"""The card page and the fax sheet, drawn with reportlab."""
