"""Files for any implementation, and the programs that made them; a released file never changes."""
