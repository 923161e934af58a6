"""From scores to a list for a person: blending, filters, diversity, reasons."""
