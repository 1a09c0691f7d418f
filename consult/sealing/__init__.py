"""The public log, made from the record: entries, store, sealer, receipts."""
