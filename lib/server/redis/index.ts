/**
 * The backplane for servers with several nodes. Requires the package `@redis/client`.
 *
 * @module rx-mcp/redis
 */
export { redisBackplane, type RedisBackplaneOptions } from './redisBackplane';
export type { RedisClient, RedisConnectionOptions, RedisListener, ScriptOptions, StreamEntry } from './redisClient';
export type { Backplane, BackplaneStatus, LogEntry } from '../backplane';
