"""Durable workflows of three steps that do nothing, on DBOS Transact and SQLite.

    python3 -m venv venv && venv/bin/pip install dbos
    venv/bin/python Benchmarks/Peers/dbos_runs.py [workflows] [threads]

The database has a write-ahead log and SQLite's default of synchronous=FULL, which is the fastest durable setting.
"""
import os
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 400
THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 1

path = os.path.join(tempfile.mkdtemp(), "dbos.sqlite")
with sqlite3.connect(path) as database:
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE made (at)")

DBOS(config={"name": "peer", "system_database_url": f"sqlite:///{path}", "log_level": "ERROR",
             "max_executor_threads": THREADS + 16, "sys_db_pool_size": max(20, THREADS)})


@DBOS.step()
def one(number):
    return number


@DBOS.step()
def two(number):
    return number


@DBOS.step()
def three(number):
    return number


@DBOS.workflow()
def order(number):
    return three(two(one(number)))


def timed(number):
    start = time.perf_counter()
    assert order(number) == number
    return time.perf_counter() - start


DBOS.launch()
for number in range(5):
    order(number)
start = time.perf_counter()
with ThreadPoolExecutor(THREADS) as executor:
    times = sorted(executor.map(timed, range(COUNT)))
seconds = time.perf_counter() - start
print(f"{COUNT / seconds:.0f} a second, p50 {times[COUNT // 2] * 1000:.1f} ms, "
      f"p99 {times[COUNT * 99 // 100] * 1000:.1f} ms, {THREADS} threads")
DBOS.destroy()
