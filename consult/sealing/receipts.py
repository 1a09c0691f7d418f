"""What a person keeps: the public half that proves the answers are in, the private half that opens."""
