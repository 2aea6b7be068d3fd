-- Forms that can be posted only once each: FORMS names a file with one on every line. The threads share them out.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")

local started = 0
function setup(thread)
  thread:set("first", started)
  started = started + 1
end

local forms = {}
local next_form = 0
function init()
  local number = 0
  for form in io.lines(os.getenv("FORMS")) do
    if number % tonumber(os.getenv("THREADS")) == first then table.insert(forms, form) end
    number = number + 1
  end
end

function request()
  next_form = next_form + 1
  return wrk.format(nil, nil, nil, forms[next_form] or "grant_type=none_is_left")
end
