-- What wrk asks for. After `--`: METHOD PATH [first=N] [step=N] [count=N] [width=N] [think=MS]
-- [token=TOKEN] [host=HOST]; `#` in the path stands for a random row's key. Ends with one line:
-- answers, those not 2xx or 3xx, seconds, p50 and p99 in microseconds.

local method, path, before, after, headers
local settings = { first = 1, step = 1, count = 100000, width = 0, think = 0 }
local number = 0

function init(arguments)
    method, path = arguments[1], arguments[2]
    headers = { ["Content-Type"] = "application/json" }
    for index = 3, #arguments do
        local name, value = arguments[index]:match("^(%w+)=(.*)$")
        settings[name] = tonumber(value) or value
    end
    if settings.token then headers["Authorization"] = "Bearer " .. settings.token end
    if settings.host then headers["Host"] = settings.host end
    local mark = path:find("#", 1, true)
    if mark then before, after = path:sub(1, mark - 1), path:sub(mark + 1) end
    math.randomseed(1)
    if settings.think > 0 then
        -- Only when it is there wrk asks for a pause before each request.
        delay = function() return math.random(0, 2 * settings.think) end
    end
end

function request()
    if method == "POST" then
        number = number + 1
        local body = '{"title":"a new post ' .. number .. '","body":"' ..
            ("lorem ipsum "):rep(10) .. '","views":' .. number .. ',"done":false}'
        return wrk.format(method, path, headers, body)
    end
    if not before then return wrk.format(method, path, headers) end
    local key = settings.first + settings.step * math.random(0, settings.count / settings.step - 1)
    local text = settings.width > 0 and ("%0" .. settings.width .. "d"):format(key) or tostring(key)
    return wrk.format(method, before .. text .. after, headers)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(("figures %d %d %.3f %d %d\n"):format(
        summary.requests, errors.status + errors.connect + errors.read + errors.write +
        errors.timeout, summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
