"""Self-signed certificates."""

import subprocess


def make_certificate(chain, key, name, address="127.0.0.1"):
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            f"/CN={name}",
            "-addext",
            f"subjectAltName=DNS:{name},IP:{address}",
            "-out",
            chain,
            "-keyout",
            key,
        ],
        check=True,
        capture_output=True,
    )
    key.chmod(0o600)
