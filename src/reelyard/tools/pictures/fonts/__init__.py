"""The typefaces of titles: EB Garamond (SIL Open Font Licence), cut to Latin, Greek and Cyrillic."""
