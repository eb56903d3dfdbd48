"""Local CUPS queues and jobs through pycups; what a job's state means for a card is in
``issuance``."""
