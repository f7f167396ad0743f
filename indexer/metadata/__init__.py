"""What bulletin is this text?"""
