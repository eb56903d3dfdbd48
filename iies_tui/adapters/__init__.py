"""The only third-party imports below the screens, one room a library."""
