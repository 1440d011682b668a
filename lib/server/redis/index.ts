export { redisBackplane, type RedisBackplaneOptions } from './redisBackplane';
export type { RedisClient, RedisConnectionOptions, RedisListener, ScriptOptions, StreamEntry } from './redisClient';
export type { Backplane, BackplaneStatus, LogEntry } from '../backplane';
