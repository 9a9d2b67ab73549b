"""Which cell is sent next: each waits for the cells whose results it uses, and for nothing else."""

import threading
from collections import deque
from collections.abc import Collection, Mapping, Sequence

from services.authorization.cells import CellId


class Ready:
    """Hands out cells to several threads as soon as what they wait for has come to an end.

    Args:
        order: the cells, those first that should leave first.
        needs: what a cell waits for; cells that aren't in `order` are waited for by nobody.
    """

    def __init__(self, order: Sequence[CellId], needs: Mapping[CellId, Collection[CellId]]) -> None:
        known = set(order)
        self._open = {cell: {each for each in needs.get(cell, ()) if each in known and each != cell} for cell in order}
        self._waiting_for: dict[CellId, list[CellId]] = {}
        for cell, open_ in self._open.items():
            for each in open_:
                self._waiting_for.setdefault(each, []).append(cell)
        self._ready = deque(cell for cell in order if not self._open[cell])
        self._left = known
        self._taken = 0
        self._changed = threading.Condition()

    def take(self) -> CellId | None:
        """The next cell, once there is one; None when no more will come."""
        with self._changed:
            while not self._ready and self._taken:
                self._changed.wait()
            if not self._ready:
                return None
            cell = self._ready.popleft()
            self._left.discard(cell)
            self._taken += 1
            return cell

    def done(self, cell: CellId) -> None:
        """A cell that was taken has come to an end."""
        with self._changed:
            self._taken -= 1
            for waiting in self._waiting_for.get(cell, ()):
                open_ = self._open[waiting]
                open_.discard(cell)
                if not open_ and waiting in self._left:
                    self._ready.append(waiting)
            self._changed.notify_all()

    def drain(self) -> frozenset[CellId]:
        """Hand out nothing more; what nobody has taken."""
        with self._changed:
            left, self._left = frozenset(self._left), set()
            self._ready.clear()
            self._changed.notify_all()
            return left
