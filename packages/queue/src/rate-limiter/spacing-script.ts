/**
 * The generic cell rate algorithm without burst, by Redis' own clock: a place is given only when the one
 * before it lies a whole interval back, so that no second, wherever it begins, holds more than the limit.
 * KEYS[1]: time of the next place in µs. ARGV[1]: interval in µs.
 * Returns 0 when the place was given, else how long to wait, in µs.
 *
 * Places are not reserved ahead: a caller that slept too long would then come at the same time as the next.
 * A clock that was set back makes nobody wait longer than one interval.
 */
export const spacingScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval = tonumber(ARGV[1])
local free = math.min(tonumber(redis.call('GET', KEYS[1]) or '0'), now + interval)
if free > now then return free - now end
redis.call('SET', KEYS[1], string.format('%.0f', now + interval), 'PX', math.ceil(interval / 1000) + 1000)
return 0
`
