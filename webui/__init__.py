"""How does a person, or another page, search?"""
