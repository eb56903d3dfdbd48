"""What things cost, printed by ``kiosk/bench.sh``; these are no tests and set no limit."""
