/**
 * Appends a frame to a log in one step: only the store knows which entry comes before. Each entry carries the position of
 * the entry before it, so that a reader notices when one is missing.
 *
 * `KEYS`: the log. `ARGV`: frame, entries to keep, milliseconds to keep them, position or `*`, channel of the readers.
 * Numbered entries are trimmed by count only: their positions are not times.
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
