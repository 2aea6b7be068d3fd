"""Debian's nginx in front of two servers, with the configuration of examples/cluster."""

import os
import shutil

from .proxy import PATH, Proxy

PROGRAM = shutil.which("nginx", path=PATH)


class Nginx(Proxy):
    """Started when made; `addresses`: HOST:PORT of the two."""

    def __init__(self, addresses):
        first, second = addresses
        super().__init__(
            "cluster/nginx.conf",
            (PROGRAM, "-p", "{folder}", "-c", "{conf}", "-e", "stderr"),
            {
                "@USER@": "user www-data;" if os.geteuid() == 0 else "",
                "@PORT@": "{port}",
                "@FIRST@": first,
                "@SECOND@": second,
            },
        )
