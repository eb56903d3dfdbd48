"""Fakes, samples and drivers that more than one test uses; no test, and nothing the program
imports."""
