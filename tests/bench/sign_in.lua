-- Sign-ins that fail, each of another account and from another address, so that none is held back before its
-- password is hashed. COOKIE and CSRF come from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Cookie"] = os.getenv("COOKIE")

local count = 0
function request()
  count = count + 1
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255),
                                                 math.random(1, 254))
  local form = "csrf_token=" .. os.getenv("CSRF") .. "&username=nobody" .. count .. "-" .. math.random(1, 1e9)
               .. "&password=wrong-password"
  return wrk.format(nil, nil, nil, form)
end
