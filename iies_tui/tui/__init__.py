"""The screens (Textual); keys, files and use cases are behind the session's client."""
