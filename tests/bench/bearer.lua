-- One GET, again and again: AUTHORIZATION comes from the environment.
wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")
