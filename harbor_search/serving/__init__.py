"""The server: one process that accepts connections, and worker processes that answer requests.

The supervisor (`supervisor`) passes each connection's socket to the worker with the fewest connections, so that the
load is balanced even if there are only a few. A worker (`worker`) reads HTTP/1.1 (`connection`) and calls the site, a
WSGI application (`wsgi`). Workers that die are replaced; when the settings are reloaded, all are replaced one by one,
and the connections of a leaving worker move to another one.
"""

from harbor_search.serving.listening import handed_over, listen
from harbor_search.serving.logs import write_logs
from harbor_search.serving.supervisor import Supervisor, WorkersFail

__all__ = ["Supervisor", "WorkersFail", "handed_over", "listen", "write_logs"]
