"""As much of DynamoDB's client as the seeding function calls, with its limits."""


class FakeTable:
    """A table keyed by userId."""

    def __init__(self):
        self.rows = {}
        self.refusals = 0

    def batch_write_item(self, **request):
        """Store the rows; while `refusals` last, turn the last one away as DynamoDB does under load."""
        (requests,) = request["RequestItems"].values()
        assert 1 <= len(requests) <= 25
        turned_away = []
        if self.refusals:
            self.refusals -= 1
            turned_away = requests[-1:]
        for put in requests[: len(requests) - len(turned_away)]:
            item = put["PutRequest"]["Item"]
            self.rows[item["userId"]["S"]] = item
        return {"UnprocessedItems": {"users": turned_away} if turned_away else {}}


def person(number):
    """Return the person with that number, as the function takes people."""
    return {
        "userId": f"user-{number}",
        "firstname": f"First {number}",
        "lastname": f"Last {number}",
        "picture": f"https://pictures.example/{number}.png",
    }
