"""The server: one process that accepts connections, and workers that answer what comes over them.

The first process (`supervisor`) gives each connection to the worker that has the fewest, by handing over its socket, so
that work is spread however few the connections are. A worker (`worker`) reads HTTP/1.1 (`connection`) and calls the
site, a WSGI application (`wsgi`). Workers that die are replaced, and all of them one by one when the settings are
loaded again; connections of a worker that leaves move to another one.
"""

from harbor_search.serving.listening import handed_over, listen
from harbor_search.serving.logs import write_logs
from harbor_search.serving.supervisor import Supervisor, WorkersFail

__all__ = ["Supervisor", "WorkersFail", "handed_over", "listen", "write_logs"]
