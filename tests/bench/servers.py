"""The servers of a benchmark: PostgreSQL, an HTTP server, a slow provider, and a relay that puts the database
further away."""

import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")

REPLY = {
    "model": "gpt-4o-mini",
    "choices": [{"message": {"role": "assistant",
                             "content": "We are open on Sunday from 9 to 5. See you soon!"},
                 "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 150, "completion_tokens": 25, "total_tokens": 175},
}


def free_port():
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_for_port(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


def cpu_of(pid):
    """CPU seconds of a process and of its children that have ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICK


class Postgres:
    """The server of scripts/with-postgres."""

    def __init__(self):
        self.programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.server = os.environ["AUTOREPLY_TEST_POSTGRES"].rpartition("/")[0]
        self.port = int(self.server.rpartition(":")[2])
        self.pid = int(self.sql("postgres", "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)"))

    def url(self, database, port=None):
        server = self.server if port is None else self.server.rpartition(":")[0] + f":{port}"
        return f"{server}/{database}"

    def sql(self, database, text, **variables):
        command = [self.programs / "psql", "--quiet", "--no-psqlrc", "--tuples-only", "--no-align",
                   "--set=ON_ERROR_STOP=1", *(f"--set={name}={value}" for name, value in variables.items()),
                   self.url(database)]
        done = subprocess.run(command, input=text, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def cpu(self):
        children = subprocess.run(["pgrep", "--parent", str(self.pid)],
                                  capture_output=True, text=True, check=False).stdout.split()
        return cpu_of(self.pid) + sum(cpu_of(int(child)) for child in children)


class Peers:
    """An HTTP server that stands in for the provider and the host and answers at once."""

    def __init__(self, directory):
        self.port = free_port()
        (directory / "nginx").mkdir()
        (directory / "nginx.conf").write_text(f"""
worker_processes 1;
daemon off;
pid {directory}/nginx/pid;
error_log {directory}/nginx/error.log;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path {directory}/nginx/body;
  server {{
    listen 127.0.0.1:{self.port} backlog=4096;
    default_type application/json;
    location /v1/chat/completions {{ return 200 '{json.dumps(REPLY)}'; }}
    location /send-sms {{ return 200 '{{"success":true}}'; }}
  }}
}}
""", encoding="utf-8")
        self.process = subprocess.Popen(["nginx", "-p", str(directory / "nginx"), "-c", str(directory / "nginx.conf")])
        wait_for_port(self.port)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


@contextlib.contextmanager
def provider(tools, directory, answer_ms, answer_bytes, tls):
    """A provider that answers after a while. Yields its base URL and the file of the authority to be trusted."""
    port = free_port()
    command = [tools / "provider", f"127.0.0.1:{port}", f"{answer_ms}ms", str(answer_bytes)]
    certificate = directory / "certificate.pem"
    if tls:
        key = directory / "key.pem"
        if not key.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                            "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                           check=True, stderr=subprocess.DEVNULL)
        command += [certificate, key]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for_port(port)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1", certificate
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def relay(tools, postgres, away_ms):
    """Puts the database `away_ms` away. Yields its port there and a list that gets the number of round trips."""
    if not away_ms:
        yield postgres.port, []
        return
    port = free_port()
    process = subprocess.Popen([tools / "relay", f"127.0.0.1:{port}", f"127.0.0.1:{postgres.port}",
                                f"{away_ms / 2}ms"], stdout=subprocess.PIPE, text=True)
    wait_for_port(port)
    counted = []
    try:
        yield port, counted
    finally:
        process.send_signal(signal.SIGTERM)
        counted.append(int(process.communicate()[0]) - 1)  # without the connection of `wait_for_port`
