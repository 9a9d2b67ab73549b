"""As much of DynamoDB's client as the functions call, with its limits."""


class FakeTable:
    """A table keyed by userId that scans in the order of writing and gives at most `page_limit` rows a Scan."""

    def __init__(self, page_limit=1000):
        self.rows = {}
        self.page_limit = page_limit
        self.refusals = 0

    def scan(self, **request):
        """Return what DynamoDB's Scan returns, LastEvaluatedKey included: also at the very end of the table."""
        assert request["TableName"] == "users"
        assert request["Limit"] >= 1
        ids = list(self.rows)
        start = request.get("ExclusiveStartKey")
        first = ids.index(start["userId"]["S"]) + 1 if start else 0
        size = min(request["Limit"], self.page_limit)
        shown = ids[first : first + size]
        answer = {"Items": [self.rows[user_id] for user_id in shown]}
        if len(shown) == size:
            answer["LastEvaluatedKey"] = {"userId": {"S": shown[-1]}}
        return answer

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
    """Return the person with that number, as the functions take and give people."""
    return {
        "userId": f"user-{number}",
        "firstname": f"First {number}",
        "lastname": f"Last {number}",
        "picture": f"https://pictures.example/{number}.png",
    }
