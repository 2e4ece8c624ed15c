"""扫描件: signed papers that were scanned, what became of each page, and the tray of those without a record."""
