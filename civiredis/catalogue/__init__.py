"""What a registry declares, as data: for tables and documentation, for findings, for audits and for other languages."""
