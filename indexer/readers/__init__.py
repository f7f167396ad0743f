"""What text is in this file?"""
