"""What the use cases need of the world, as Protocols by subject; no implementation lives here.

``adapters`` and the tests' fakes fill them. Every port raises only ``domain.errors``; a third-party
exception never crosses it.
"""
