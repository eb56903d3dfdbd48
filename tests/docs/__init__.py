"""What the documents say is true: links, citations, commands, and the verifier built from them."""
