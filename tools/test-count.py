"""Prints 'passed failed skipped' for the log of `swift test`, of `node --test` (TAP) or of Python's unittest.

    test-count.py LOG EXIT_STATUS

A run that ended badly without naming a failed test counts as one failure, and so does a run without any test.
"""

import re
import sys

log = open(sys.argv[1], encoding="utf-8", errors="replace").read()
status = int(sys.argv[2])

# Swift Testing: a line per test and a closing line.
passed = len(re.findall(r"^[^\n]*Test .* passed after [\d.]+ seconds\.$", log, re.M))
passed -= len(re.findall(r"^[^\n]*Test run with .* passed after", log, re.M))
failed = len(re.findall(r"^[^\n]*Test .* failed after [\d.]+ seconds with \d+ issues?\.$", log, re.M))
failed -= len(re.findall(r"^[^\n]*Test run with .* failed after", log, re.M))
skipped = len(re.findall(r"^[^\n]*Test .* skipped", log, re.M))

# unittest -v: 'Ran 12 tests in 3.4s' and 'FAILED (failures=1, errors=2, skipped=3)' or 'OK (skipped=1)'.
ran = re.search(r"^Ran (\d+) tests? in", log, re.M)
if ran:
    def counted(word: str) -> int:
        match = re.search(rf"^(?:OK|FAILED) \(.*?\b{word}=(\d+)", log, re.M)
        return int(match.group(1)) if match else 0

    failed = counted("failures") + counted("errors")
    skipped = counted("skipped")
    passed = int(ran.group(1)) - failed - skipped

# TAP of node --test: '# pass 14', '# fail 0', '# skipped 0'.
tap = dict(re.findall(r"^# (pass|fail|skipped) (\d+)$", log, re.M))
if tap:
    passed, failed, skipped = int(tap.get("pass", 0)), int(tap.get("fail", 0)), int(tap.get("skipped", 0))

if failed == 0 and (status != 0 or passed + skipped == 0):
    failed = 1
print(passed, failed, skipped)
