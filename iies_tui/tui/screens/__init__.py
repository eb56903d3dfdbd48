"""The full screens, one a file; what two of them share is in ``widgets``, ``dialogs`` or
``words``."""
