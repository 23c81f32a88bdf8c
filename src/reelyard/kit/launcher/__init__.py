"""What stands between the parent and a tool: a tiny program that confines itself and then becomes the tool.

Standard library only, and no heavy part of it: it runs at every start of a child (about 15 ms).
"""
