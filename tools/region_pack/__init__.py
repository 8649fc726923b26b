"""Makes the region packs in Data/ from the open data they are derived from."""
