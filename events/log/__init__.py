"""The tamper-evident log, pure: leaves, Merkle tree, tiles, signed notes, proofs, receipts.

Nothing here opens a file, a socket or a database, or reads a clock: functions take and return
bytes. Formats: RFC 6962/9162 hashing and the C2SP specifications tlog-tiles,
tlog-checkpoint, signed-note, tlog-cosignature, tlog-proof and tlog-witness.
"""
