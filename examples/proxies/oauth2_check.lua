-- Asks oauth2d about a request and lets pass what may pass: HAProxy 2.6 or later with Lua, as Debian builds it.
--   global:   setenv OAUTH2D 127.0.0.1:9000
--             lua-load-per-thread oauth2_check.lua
--   frontend: http-request lua.oauth2_check scope=read
--             http-request deny deny_status 503 unless { var(txn.oauth2_passed) -m bool }
-- The last line is needed: an error in a script does not stop a request.
local address = os.getenv("OAUTH2D")

-- Only what oauth2d needs to judge.
local asked = { "authorization", "cookie", "x-csrf-token" }
local told = { "x-auth-user", "x-auth-client", "x-auth-scope", "x-auth-token" }

-- The values of a field, counted from 1; HAProxy counts them from 0.
local function values(fields, name)
  local list = {}
  for index = 0, 63 do
    local value = fields[name] and fields[name][index]
    if value == nil then break end
    list[#list + 1] = value
  end
  return list
end

local function refuse(txn, status, fields)
  local reply = txn:reply()
  reply:set_status(status)
  reply:add_header("cache-control", "no-store")
  for _, challenge in ipairs(values(fields, "www-authenticate")) do
    reply:add_header("www-authenticate", challenge)
  end
  txn:done(reply)
end

core.register_action("oauth2_check", { "http-req" }, function(txn, query)
  local fields = txn.http:req_get_headers()
  -- What a client says of itself is dropped, in every spelling that an API could take for ours.
  for name in pairs(fields) do
    if name:gsub("_", "-"):find("^x%-auth%-") then txn.http:req_del_header(name) end
  end
  local question = { ["x-original-method"] = { txn.sf:method() } }
  for _, name in ipairs(asked) do
    local list = values(fields, name)
    if #list > 0 then question[name] = list end
  end
  local answer = core.httpclient():get({
    url = "http://" .. address .. "/oauth/check?" .. query,
    headers = question,
    timeout = 5000,
  })
  local status = answer and answer.status
  if status ~= 204 then
    return refuse(txn, (status == 401 or status == 403) and status or 503, answer and answer.headers or {})
  end
  for _, name in ipairs(told) do
    local value = values(answer.headers, name)[1]
    if value then txn.http:req_set_header(name, value) end
  end
  txn:set_var("txn.oauth2_passed", true)
end, 1)
