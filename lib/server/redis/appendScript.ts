/**
 * A script that appends a frame to a log. Each entry contains the position of the previous entry, so that readers
 * detect missing entries. A script, because reading the previous position and appending must be atomic.
 *
 * `KEYS`: the log. `ARGV`: the frame, the number of entries to keep, how long to keep them in milliseconds, the
 * position or `*`, and the channel of the readers. Numbered entries are trimmed only by count, because their positions
 * are not times.
 */
export const appendScript = `
local call, log, id = redis.call, KEYS[1], ARGV[4]
local last = call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local previous = last and last[1] or '0-0'
if id ~= '*' then
  if tonumber(string.match(previous, '%d+')) >= tonumber(id) then return id end
  previous = id - 1 .. '-0'
end
local added = call('XADD', log, 'MAXLEN', '~', ARGV[2], id, 'f', ARGV[1], 'p', previous)
if id == '*' then call('XTRIM', log, 'MINID', string.match(added, '%d+') - ARGV[3]) end
call('PEXPIRE', log, ARGV[3])
call('PUBLISH', ARGV[5], '')
return added`;
