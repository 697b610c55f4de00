#!/usr/bin/env python3
"""Compares autoreply with what people would write instead, on one PostgreSQL server and one HTTP server.

All contenders do the same jobs in turn, round after round, so that a machine that becomes slower meanwhile
slows all of them. Every run gets a fresh copy of the database. Prints a table for each setting, medians and
spread, and writes all figures as JSON.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from servers import Peers, Postgres, provider, relay

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUN_SECONDS_MAX = 120


@dataclasses.dataclass(frozen=True)
class Setting:
    """One table of the result."""

    name: str
    in_flight: int
    partitions: int = 8
    finished: int = 0  # finished rows in the queue
    commit_ms: int = 0  # what a commit takes beyond the disk's time
    away_ms: float = 0  # round-trip time to the database
    answer_ms: int = 0  # how long the provider thinks
    answer_bytes: int = 50  # of such a provider's reply
    tls: bool = False  # to such a provider
    jobs: int = 0  # a run; 0: as the option says
    body_bytes: int = 0  # of the messages before; 0: a few words
    threads: int = 1
    waiting: int = 0  # more jobs that are due
    runs: int = 1  # of autoreply at once, which share the jobs
    floors: bool = False  # also SQL without HTTP and HTTP without SQL
    sqlite: bool = False  # also autoreply on SQLite


SETTINGS = [
    Setting("16 in flight", 16, floors=True, sqlite=True),
    Setting("64 in flight", 64, floors=True, sqlite=True),
    Setting("256 in flight", 256),
    Setting("16 in flight, 68 partitions", 16, partitions=68),
    Setting("64 in flight, 68 partitions", 64, partitions=68),
    Setting("16 in flight, commits of 5 ms", 16, commit_ms=5),
    Setting("64 in flight, commits of 5 ms", 64, commit_ms=5),
    Setting("16 in flight, database 1 ms away", 16, away_ms=1),
    Setting("64 in flight, database 1 ms away", 64, away_ms=1),
    Setting("64 in flight, a million finished rows", 64, finished=1_000_000),
    Setting("64 in flight, 100,000 more waiting", 64, waiting=100_000),
    Setting("64 in flight, 3 threads", 64, threads=3),
    Setting("32 in flight in each of 2 runs", 32, runs=2),
    Setting("16 in flight in each of 4 runs", 16, runs=4),
    Setting("8 in flight in each of 8 runs", 8, runs=8),
    Setting("64 in flight, messages of 2,000 characters", 64, body_bytes=2_000),
    Setting("256 in flight, provider of 400 ms", 256, answer_ms=400, jobs=8_000),
    Setting("256 in flight, provider of 400 ms, TLS", 256, answer_ms=400, tls=True, jobs=8_000),
    Setting("1,000 in flight, provider of 5 s", 1_000, answer_ms=5_000, jobs=8_000),
    # As many as a hard limit of 20,000 files allows. The number of jobs is a multiple of it: a few jobs more would
    # take the provider's time once more.
    Setting("3,900 in flight, provider of 5 s", 3_900, answer_ms=5_000, jobs=15_600, threads=2),
]

# What grows with the years. The largest databases take minutes to make, and each run copies one.
GROWTH = [
    Setting("64 in flight, 10,000 more waiting", 64, waiting=10_000),
    Setting("64 in flight, a million more waiting", 64, waiting=1_000_000),
    Setting("64 in flight, a thousand finished rows", 64, finished=1_000),
    Setting("64 in flight, ten million finished rows", 64, finished=10_000_000),
    Setting("64 in flight, messages of 100 characters", 64, body_bytes=75),
    Setting("64 in flight, messages of 100,000 characters", 64, body_bytes=100_000, jobs=500),
    Setting("1,000 in flight, provider of 5 s, TLS", 1_000, answer_ms=5_000, tls=True, jobs=8_000),
    Setting("3,900 in flight, provider of 5 s, TLS", 3_900, answer_ms=5_000, tls=True, jobs=15_600, threads=2),
]

# Runs whose longest step of a loop is printed: while it lasts, all other jobs of the loop wait.
STEPS = [
    Setting("small answers", 64, jobs=2_000),
    Setting("answers of 3.6 MB", 64, answer_ms=1, answer_bytes=3_000_000, jobs=200),
    Setting("six messages of 20,000 characters", 64, body_bytes=20_000, jobs=500),
    Setting("TLS", 256, answer_ms=400, tls=True, jobs=2_000),
]

CONTENDERS = ["autoreply", "go", "node", "graphile-worker", "pg-boss"]
FLOORS = ["sql alone", "http alone"]
SQLITE = "autoreply, SQLite"
# What of the host's data a run on SQLite needs.
COPIED = {
    "workspace_ai_config": "workspace_id, provider, model, system_prompt, api_key, base_url",
    "contacts": "id, workspace_id, phone_number",
    "livechat_messages": "id, workspace_id, contact_id, direction, body, msg_type, created_at",
    "ai_response_queue": "id, workspace_id, contact_id, message_id, status, created_at, processed_at",
}


def has_ended(process):
    """Whether the process has ended. It is not waited for, so its resource usage can still be read."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def peak_mib(process):
    """The most memory that the process has taken so far. Its resource usage would include that of this script,
    whose copy it was until it became another program."""
    try:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    except ProcessLookupError:
        return 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else 0


def host_tables():
    """The SQL of the tables with which `autoreply migrate` begins, without its own tables and indexes."""
    names = {"queue": "ai_response_queue", "logs": "ai_response_logs", "messages": "livechat_messages",
             "contacts": "contacts", "config": "workspace_ai_config"}
    text = ";".join((ROOT / "src/store/postgres/migration" / f"{file}.sql").read_text(encoding="utf-8")
                    for file in ("host_tables", "queue_columns"))
    for placeholder, name in names.items():
        text = text.replace("{" + placeholder + "}", name)
    return text + ";\n"


class Bench:
    def __init__(self, arguments, directory):
        self.jobs = arguments.jobs
        self.tools = ROOT / "build/bench"
        self.directory = directory
        self.postgres = Postgres()
        self.peers = Peers(directory)
        self.templates = {}

    def stop(self):
        self.peers.stop()

    def jobs_of(self, setting):
        return setting.jobs or self.jobs

    def template(self, setting, contender):
        """A database with the jobs, prepared for the contender and for no other. Made at first use."""
        contender = "go" if contender in FLOORS else contender
        needs = (setting.partitions, setting.finished, self.jobs_of(setting), setting.body_bytes, setting.waiting,
                 contender)
        if needs in self.templates:
            return self.templates[needs]
        original = self.template(setting, "") if contender else ""
        name = f"template_{len(self.templates)}"
        postgres = self.postgres
        if contender:
            postgres.sql("postgres", f"create database {name} template {original}")
            prepare = ([str(ROOT / "build/release/autoreply"), "migrate", "--database", postgres.url(name)]
                       if contender == "autoreply" else self.command(contender) + ["prepare"])
            subprocess.run(prepare, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env=self.environment(setting, postgres.url(name)))
        else:
            postgres.sql("postgres", f"create database {name}")
            postgres.sql(name, host_tables() + (HERE / "host.sql").read_text(encoding="utf-8"),
                         jobs=self.jobs_of(setting) + setting.waiting, partitions=setting.partitions,
                         finished=setting.finished, body_bytes=setting.body_bytes,
                         base_url=self.peers.url("/v1"))
        postgres.sql(name, "vacuum analyze")
        self.templates[needs] = name
        return name

    def sqlite_template(self, setting):
        """A SQLite file with the same data."""
        needs = (setting.partitions, setting.finished, self.jobs_of(setting), SQLITE)
        if needs not in self.templates:
            original = self.template(setting, "")
            path = pathlib.Path(self.directory) / f"template_{len(self.templates)}.db"
            subprocess.run([str(ROOT / "build/release/autoreply"), "migrate", "--database", f"sqlite:{path}"],
                           check=True, stdout=subprocess.DEVNULL)
            with contextlib.closing(sqlite3.connect(path)) as file:
                for table, columns in COPIED.items():
                    times = re.sub(r"(\w+_at)", r"to_char(\1 at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
                                   columns)
                    rows = self.postgres.sql(
                        original, f"select json_agg(json_build_array({times})) from {table}")
                    marks = ", ".join("?" * len(columns.split(",")))
                    file.executemany(f"insert into {table} ({columns}) values ({marks})", json.loads(rows))
                file.commit()
                file.execute("pragma wal_checkpoint(truncate)")
            self.templates[needs] = path
        return self.templates[needs]

    def command(self, contender):
        return {
            "go": [str(self.tools / "go")],
            "sql alone": [str(self.tools / "go")],
            "http alone": [str(self.tools / "go")],
            "node": ["node", str(HERE / "peers/node/worker.mjs")],
            "graphile-worker": ["node", str(HERE / "peers/node/graphile.mjs")],
            "pg-boss": ["node", str(HERE / "peers/node/pgboss.mjs")],
        }[contender]

    def environment(self, setting, url, contender=""):
        return dict(os.environ, DATABASE_URL=url, CALLBACK_URL=self.peers.url("/send-sms"),
                    PROVIDER_URL=self.peers.url("/v1"), CONCURRENCY=str(setting.in_flight),
                    LIMIT=str(self.jobs_of(setting)), NODE_ENV="production",
                    FLOOR=contender.removesuffix(" alone") if contender in FLOORS else "")

    def own_command(self, setting, url, log_level="warn"):
        command = [str(ROOT / "build/release/autoreply"), "run", "--database", url, "--limit",
                   str(self.jobs_of(setting) // setting.runs), "--concurrency", str(setting.in_flight), "--threads",
                   str(setting.threads), "--workspace-per-minute", "0", "--callback-url",
                   self.peers.url("/send-sms"), "--allow-host", "127.0.0.1", "--output", "json", "--log-level",
                   log_level]
        at_once = ["sh", "-c", 'for run in $(seq "$0"); do "$@" & done; wait', str(setting.runs)]
        return at_once + command if setting.runs > 1 else command

    def timed(self, command, environment, log=None):
        """Runs a command. Returns its seconds, its resource usage, its peak memory in MiB and its output."""
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        memory = 0
        while not has_ended(process) and time.monotonic() < began + RUN_SECONDS_MAX:
            memory = max(memory, peak_mib(process))
            time.sleep(0.005)
        wall = time.monotonic() - began
        os.kill(process.pid, signal.SIGKILL)  # if it takes too long
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {out}")
        return wall, usage, memory, out

    def run_sqlite(self, setting):
        """One run on a fresh copy of the SQLite file. Returns its figures."""
        path = pathlib.Path(self.directory) / "run.db"
        for old in pathlib.Path(self.directory).glob("run.db*"):
            old.unlink()
        shutil.copyfile(self.sqlite_template(setting), path)
        wall, usage, memory, out = self.timed(self.own_command(setting, f"sqlite:{path}"), os.environ)
        with contextlib.closing(sqlite3.connect(path)) as file:
            done = file.execute("select count(*) from ai_response_logs").fetchone()[0]
        if done != self.jobs:
            raise RuntimeError(f"{SQLITE} did {done} of {self.jobs} jobs: {out}")
        return {"jobs_per_s": done / wall, "client_ms": (usage.ru_utime + usage.ru_stime) * 1000 / done,
                "memory_mib": memory}

    def longest_step(self, setting):
        """The processor time of the longest step of a loop in one run, in ms."""
        path = self.directory / "log"
        with path.open("w") as log:
            self.run(setting, "autoreply", log)
        return int(re.search(r"longest_step_us=(\d+)", path.read_text(encoding="utf-8"))[1]) / 1000

    def run(self, setting, contender, log=None):
        """One run on a fresh copy. Returns its figures. With `log`, autoreply logs all that it can."""
        if contender == SQLITE:
            return self.run_sqlite(setting)
        postgres = self.postgres
        template = self.template(setting, contender)
        postgres.sql("postgres", f"""
            drop database if exists run with (force);
            create database run template {template};
            alter system set commit_delay = {setting.commit_ms * 1000};
            alter system set commit_siblings = 0;
            select pg_reload_conf();
            checkpoint;""")
        with contextlib.ExitStack() as stack:
            port, round_trips = stack.enter_context(relay(self.tools, postgres, setting.away_ms))
            url = postgres.url("run", port)
            environment = self.environment(setting, url, contender=contender)
            if setting.answer_ms:
                base_url, authority = stack.enter_context(provider(
                    self.tools, self.directory, setting.answer_ms, setting.answer_bytes, setting.tls))
                postgres.sql("run", f"update workspace_ai_config set base_url = '{base_url}'")
                environment.update(PROVIDER_URL=base_url, SSL_CERT_FILE=str(authority))
            command = (self.own_command(setting, url, "debug" if log else "warn") if contender == "autoreply"
                       else self.command(contender))
            wal = postgres.sql("postgres", "select pg_current_wal_insert_lsn()")
            cpu = postgres.cpu()
            wall, usage, memory, out = self.timed(command, environment, log)
        done = self.jobs_of(setting) if contender == "http alone" else int(
            postgres.sql("run", "select count(*) from ai_response_logs"))
        if done != self.jobs_of(setting):
            raise RuntimeError(f"{contender} did {done} of {self.jobs_of(setting)} jobs: {out}")
        figures = {
            "jobs_per_s": done / wall,
            "client_ms": (usage.ru_utime + usage.ru_stime) * 1000 / done,
            "postgres_ms": (postgres.cpu() - cpu) * 1000 / done,
            "memory_mib": memory,
            "commits": int(postgres.sql("postgres", "select pg_stat_force_next_flush(); select xact_commit "
                                        "from pg_stat_database where datname = 'run'").split()[-1]) / done,
            "wal_bytes": int(postgres.sql(
                "postgres", f"select (pg_current_wal_insert_lsn() - '{wal}'::pg_lsn)::bigint")) / done,
        }
        if setting.answer_ms:
            figures["of_possible"] = done / wall * setting.answer_ms / 1000 / setting.in_flight
        if round_trips:
            figures["round_trips"] = round_trips[0] / done
        return figures


def print_idle(bench, rounds):
    """What a run with nothing to do takes, and what one statement takes. Returns both in ms."""
    bench.postgres.sql("postgres", "drop database if exists run with (force)")
    bench.postgres.sql("postgres", f"create database run template {bench.template(SETTINGS[0], 'autoreply')}")
    url = bench.postgres.url("run")
    bench.postgres.sql("run", "delete from ai_response_queue")
    commands = {
        "autoreply": [str(ROOT / "build/release/autoreply"), "run", "--database", url, "--callback-url",
                      bench.peers.url("/send-sms"), "--output", "json", "--log-level", "warn"],
        "psql": [str(bench.postgres.programs / "psql"), "--no-psqlrc", "--command", "select 1", url],
    }
    taken = {name: [] for name in commands}
    for _ in range(10 * rounds):
        for name, command in commands.items():
            began = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            taken[name].append((time.monotonic() - began) * 1000)
    median = {name: statistics.median(times) for name, times in taken.items()}
    print(f"\nan idle run {median['autoreply']:.1f} ms, psql with select 1 {median['psql']:.1f} ms, "
          f"ratio {median['autoreply'] / median['psql']:.2f}")
    return median


def print_steps(bench):
    """The processor time of the longest step of each of a few runs. Returns them in ms."""
    longest = {setting.name: bench.longest_step(setting) for setting in STEPS}
    print("\nprocessor time of the longest step of a loop: "
          + ", ".join(f"{name} {ms:.1f} ms" for name, ms in longest.items()))
    return longest


COLUMNS = [("jobs_per_s", "jobs/s", "{:.0f}"), ("client_ms", "client ms", "{:.3f}"),
           ("postgres_ms", "PostgreSQL ms", "{:.3f}"), ("memory_mib", "MiB", "{:.0f}"),
           ("commits", "commits", "{:.2f}"), ("wal_bytes", "WAL bytes", "{:.0f}"),
           ("round_trips", "round trips", "{:.2f}"), ("of_possible", "of possible", "{:.1%}")]


def print_table(setting, results):
    """A line a contender: medians of its runs, and its jobs/s and CPU as ratios to the Go script's."""
    columns = [column for column in COLUMNS if any(column[0] in run for runs in results.values() for run in runs)]
    print(f"\n{setting.name}")
    heading = f"{'a job':18}" + "".join(f"{title:>15}" for _, title, _ in columns)
    print(heading + f"{'spread':>12}{'jobs/s : go':>13}{'client : go':>13}{'PostgreSQL : go':>17}")
    median = {name: {key: statistics.median(run[key] for run in runs) for key, _, _ in columns if key in runs[0]}
              for name, runs in results.items() if runs}
    base = median.get("go")
    for name, values in median.items():
        speeds = [run["jobs_per_s"] for run in results[name]]
        line = f"{name:18}" + "".join(
            f"{(form.format(values[key]) if key in values else '-'):>15}" for key, _, form in columns)
        line += f"{min(speeds):>6.0f}-{max(speeds):<5.0f}"
        if base:
            line += f"{values['jobs_per_s'] / base['jobs_per_s']:>13.2f}"
            line += f"{values['client_ms'] / base['client_ms']:>13.2f}"
            line += f"{values['postgres_ms'] / base['postgres_ms']:>17.2f}" if "postgres_ms" in values else f"{'-':>17}"
        print(line)
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=4000, help="jobs a run (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contender (default %(default)s)")
    parser.add_argument("--setting", action="append", help="only settings whose names contain this; repeatable")
    parser.add_argument("--contender", action="append", choices=CONTENDERS, help="only these; repeatable")
    parser.add_argument("--growth", action="store_true", help="also the settings that take long and much room")
    parser.add_argument("--json", default=str(ROOT / "build/bench/bench.json"), help="default %(default)s")
    arguments = parser.parse_args()

    settings = [setting for setting in SETTINGS + (GROWTH if arguments.growth else [])
                if not arguments.setting or any(part in setting.name for part in arguments.setting)]
    contenders = arguments.contender or CONTENDERS
    if not settings:
        parser.error("no such setting; there are: " + "; ".join(setting.name for setting in SETTINGS))
    record = {"jobs": arguments.jobs, "rounds": arguments.rounds, "cores": os.cpu_count(), "settings": {}}
    directory = pathlib.Path(tempfile.mkdtemp(prefix="autoreply-bench."))
    directory.chmod(0o755)
    bench = None
    try:
        bench = Bench(arguments, directory)
        for setting in settings:
            names = contenders + (FLOORS if setting.floors else []) + ([SQLITE] if setting.sqlite else [])
            results = {name: [] for name in names}
            for _ in range(arguments.rounds):
                for name in names:
                    results[name].append(bench.run(setting, name))
            record["settings"][setting.name] = results
            print_table(setting, results)
        record["idle_ms"] = print_idle(bench, arguments.rounds)
        record["longest_step_ms"] = print_steps(bench)
    finally:
        if bench:
            bench.stop()
        shutil.rmtree(directory, ignore_errors=True)
    pathlib.Path(arguments.json).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
