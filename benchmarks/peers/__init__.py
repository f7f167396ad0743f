"""How fast is jianbao beside other engines?  One module for each of them, behind one seam."""
