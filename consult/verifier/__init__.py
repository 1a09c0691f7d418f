"""The stand-alone verifier: one file that people download, which imports nothing of ours."""
