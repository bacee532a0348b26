"""The book of customers as spreadsheets: files, sheets, cells. Our rows are not touched here."""
