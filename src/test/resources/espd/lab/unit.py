"""Plays systemd: runs a command as a unit file says, and prints what it tells of itself.

unit.py UNIT USER COMMAND…   the command takes the place of ExecStart=

What systemd does with users, capabilities, system calls, address families and limits is done by the
same system calls; what needs mount namespaces and control groups is not.
"""

import ctypes
import os
import pwd
import re
import resource
import signal
import socket
import subprocess
import sys

import seccomp

PR_SET_NO_NEW_PRIVS = 38


def settings(unit):
    found = {}
    with open(unit) as lines:
        for line in lines:
            if match := re.match(r"(\w+)=(.*)", line):
                found.setdefault(match[1], []).append(match[2])
    return found


def members(group):
    """The system calls of a group, as systemd knows them."""
    shown = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    calls = set()
    for line in shown.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            calls |= members(word)
        elif word and not word.startswith("#"):
            calls.add(word)
    return calls


def allowed(filters):
    calls = set()
    for words in filters:
        groups = words.lstrip("~").split()
        for group in groups:
            calls = calls - members(group) if words.startswith("~") else calls | members(group)
    # What systemd allows to every service.
    return calls | members("@default")


def restrict(unit):
    """The filter of system calls; the families of sockets are among their arguments."""
    rules = seccomp.SyscallFilter(seccomp.ERRNO(1))
    for call in allowed(unit["SystemCallFilter"]) - {"socket"}:
        try:
            rules.add_rule(seccomp.ALLOW, call)
        except RuntimeError:
            pass  # a call that this machine has not
    for family in unit["RestrictAddressFamilies"][0].split():
        rules.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, getattr(socket, family)))
    rules.load()


def execute(unit_file, command):
    """In the child, already without privileges."""
    unit = settings(unit_file)
    assert unit["LimitCORE"] == ["0"] and unit["NoNewPrivileges"] == ["yes"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(int(unit["UMask"][0], 8))
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    restrict(unit)
    os.execv(command[0], command)


def give(user, command):
    """Files that the user may use, as those in /etc/espd and /run/espd are."""
    own = pwd.getpwnam(user).pw_uid
    for option, path in zip(command, command[1:]):
        if option == "--config":
            os.chown(path, own, 0)
        elif option == "--control":
            directory = os.path.dirname(path)
            os.chown(directory, own, 0)
            os.chmod(os.path.dirname(directory), 0o711)


def supervise(unit_file, user, command):
    unit = settings(unit_file)
    give(user, command)
    capabilities = ",".join(
        "+" + name.removeprefix("CAP_").lower() for name in unit["AmbientCapabilities"][0].split())
    assert unit["AmbientCapabilities"] == unit["CapabilityBoundingSet"]
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind("\0espd-unit-%d" % os.getpid())
    journal, errors = socket.socketpair()
    stream = os.fstat(errors.fileno())
    child = subprocess.Popen(
        ["setpriv", "--reuid", user, "--regid", "nogroup", "--clear-groups",
         "--inh-caps", "-all," + capabilities, "--ambient-caps", "-all," + capabilities,
         "--bounding-set", "-all," + capabilities,
         sys.executable, __file__, "--execute", unit_file, *command],
        stderr=errors,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "NOTIFY_SOCKET": "@espd-unit-%d" % os.getpid(),
            # A second, so that a test need not wait for long.
            "WATCHDOG_USEC": "1000000",
            "JOURNAL_STREAM": "%d:%d" % (stream.st_dev, stream.st_ino),
        })
    errors.close()
    print("pid", child.pid, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    if os.fork() == 0:
        while line := journal.recv(65536):
            os.write(1, line)
        os._exit(0)
    if os.fork() == 0:
        while True:
            print("notified", notify.recv(4096).decode().split("\n"), flush=True)
    print("exit", child.wait(), flush=True)
    os.killpg(0, signal.SIGKILL)


if sys.argv[1] == "--execute":
    execute(sys.argv[2], sys.argv[3:])
else:
    os.setpgid(0, 0)
    supervise(sys.argv[1], sys.argv[2], sys.argv[3:])
