"""The public log on its way from the record to everybody: entries, store, sealer, receipts."""
