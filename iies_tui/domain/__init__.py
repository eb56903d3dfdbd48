"""What a card is and when it is right: pure, standard library only, no files, no clock."""
