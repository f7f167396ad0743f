"""The door of jianbao: search in Chinese bulletins."""
