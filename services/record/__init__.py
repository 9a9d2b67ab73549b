"""The record of acts: what was tried, by whom, and how it ended, chained so that nothing can be taken out unseen."""
