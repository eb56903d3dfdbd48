"""The program as processes: commands, kills, memory, a private CUPS; rules are tested in
``domain``."""
