"""Run a command and print what it cost: ``python -I -S launch.py PROGRAM ARGUMENT...``.

On Linux the peak memory of a process counts from that of the process which started it, so that one has to be small:
this imports next to nothing.
"""

import os
import sys
import time

nothing = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)]
begin = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - begin
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # bytes there, KiB elsewhere
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, peak)
