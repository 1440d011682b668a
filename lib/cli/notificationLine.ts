import type { Notification } from '../protocol/types';
import { isObject } from '../util/isObject';
import { oneLine } from './text';
import type { Terminal } from './terminal';

/** Formats a notification as one line: the method, then the params. */
export function notificationLine({ method, params }: Notification, { style }: Pick<Terminal, 'style'>): string {
  const name = style('cyan', oneLine(method));
  const text = isObject(params) ? textOf(method, params) : '';
  return text === '' ? name : `${name} ${text}`;
}

function textOf(method: string, { _meta, ...params }: Record<string, unknown>): string {
  if (method === 'notifications/message') {
    const { level, logger, data } = params;
    const source = typeof logger === 'string' ? ` ${logger}` : '';
    return oneLine(`${String(level)}${source}: ${typeof data === 'string' ? data : JSON.stringify(data)}`);
  }
  if (method === 'notifications/progress') return `${JSON.stringify(params['progressToken'])} ${progressText(params)}`;
  return Object.keys(params).length === 0 ? '' : oneLine(JSON.stringify(params));
}

/** Formats progress: the percentage or, without a total, the value, then the message. */
export function progressText({ progress, total, message }: Record<string, unknown>): string {
  const share = typeof total === 'number' && total > 0 ? `${String(progress)}/${total}` : String(progress);
  return typeof message === 'string' && message !== '' ? `${share} ${oneLine(message)}` : share;
}
