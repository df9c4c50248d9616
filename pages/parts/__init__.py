"""What pages share: the reader's state, the filter bar, and how charts, tables, tiles and texts are shown."""
