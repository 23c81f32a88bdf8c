"""Voices that read texts aloud: what there is, which one is meant, and the engines that speak.

Engines are loaded in a child process only (see `engines`); everything else here is cheap and pure.
"""
