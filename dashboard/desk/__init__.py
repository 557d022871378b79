"""The data desk: files on their way in, templates on their way out, loads and their undoing."""

from typing import Final

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
