"""What the black-box tests share: they see the two programs as users do, over HTTP and on the command line.

OAUTH2_BIN names the folder that holds oauth2d and oauth2ctl (build/release unless set). Run with Debian's
python3 and nothing else: tests/harness/run.py tests/http tests/interop tests/faults
"""
