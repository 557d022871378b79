"""The brief of a check-in as files: one printed page, and a workbook with everything behind it."""
