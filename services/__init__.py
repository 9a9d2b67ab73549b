"""What Gatehouse can do, without a screen: every page wraps one of these modules."""
