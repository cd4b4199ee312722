/*
 * Scripts that Redis runs in one step. Lifetimes are milliseconds. A script reads the time of Redis, so that processes
 * whose clocks differ agree; effects are replicated, not scripts (the only way since Redis 5), so that reading it is
 * allowed.
 */

const now = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Keys: the counter. Arguments: amount, lifetime. Yields the value and its remaining lifetime. */
export const add = `
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {value, left}`;

/**
 * Keys: the marks. Arguments: an incarnation for new ones, their lifetime, then names and numbers. Yields the incarnation,
 * then names and numbers. Whole numbers below 2^53 are exact in Lua.
 */
export const raise = `
redis.call('HSETNX', KEYS[1], '', ARGV[1])
for at = 3, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[at])
  if not value or tonumber(value) < tonumber(ARGV[at + 1]) then
    redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HGETALL', KEYS[1])`;

/** Keys: the topic. Arguments: member, lifetime. */
export const enter = `
${now}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`;

/** Keys: the topic. Arguments: how many names at most. Yields the count and the names, the latest first. */
export const present = `
${now}
local count = redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')
local names = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. now, 'LIMIT', 0, ARGV[1])
return {count, names}`;
