import { isObject } from '../util/isObject';
import type { Result } from './types';

/** Whether a result is a task, as in protocol 2025-11-25 or 2026-07-28. */
export function isTaskResult(result: Result): boolean {
  return isObject(result['task']) || result['resultType'] === 'task';
}
