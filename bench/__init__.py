"""What is promised in numbers, measured: each figure is a ratio within one run, since machines differ."""
