"""What a card is and when it is right: standard library only, pure."""
