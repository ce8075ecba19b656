"""harbor_search itself, behind the same protocol as its peers."""

from __future__ import annotations

from benchmarks.protocol import Peer

PEER = Peer(name="ours", available=lambda: "not written yet", version=lambda: "0", translate=lambda q: None)
