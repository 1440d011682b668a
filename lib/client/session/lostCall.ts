import { ConnectionLostError } from '../../errors';
import type { Request } from '../../protocol/types';
import { operationOf } from '../connection/operationOf';

/**
 * Adds the operation of a call to the message of a `ConnectionLostError`, which all pending calls share. Returns any
 * other error unchanged.
 */
export function lostCall(error: unknown, request: Request): unknown {
  if (!(error instanceof ConnectionLostError)) return error;
  const { message, cause, uptime, retryAfter } = error;
  const operation = operationOf(request);
  if (message.startsWith(`${operation}: `)) return error;
  return new ConnectionLostError(`${operation}: ${reasonIn(message, cause, request)}`, { cause, uptime, retryAfter });
}

function reasonIn(message: string, cause: unknown, { method }: Request): string {
  const [, place = '', reason = ''] = /^(.*?): (.*)$/s.exec(message) ?? [];
  switch (place) {
    case 'sending':
      return `sending failed (${reason})`;
    case 'connection':
    case 'response stream':
      return `the ${place} ${reason}${cause instanceof Error ? ` (${cause.message})` : ''}`;
    case method:
      return reason;
    default:
      return message;
  }
}
