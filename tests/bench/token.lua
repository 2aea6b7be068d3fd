-- One form, posted again and again: FORM and AUTHORIZATION come from the environment. ADDRESSES are those of
-- all instances; the threads take turns at choosing one.
wrk.method = "POST"
wrk.body = os.getenv("FORM")
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")

local addresses = {}
for host, port in string.gmatch(os.getenv("ADDRESSES") or "", "([%d.]+):(%d+)") do
  table.insert(addresses, { host, port })
end

local threads = 0
function setup(thread)
  if #addresses < 2 then return end
  local address = addresses[threads % #addresses + 1]
  threads = threads + 1
  thread.addr = wrk.lookup(address[1], address[2])[1]
end
