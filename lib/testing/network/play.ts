import type { SchedulerLike } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';
import { assertObject, check, isString } from '../../util/options';

/** A value of a diagram: a notification for the server to send, or a function to call. */
export type PlayedValue =
  | (() => unknown)
  | readonly [method: string, params?: Record<string, unknown>]
  | { readonly method: string; readonly params?: Record<string, unknown> };

/** Schedules the values of a marble diagram, starting at the current time. */
export function playMarbles(
  diagram: string,
  values: Readonly<Record<string, PlayedValue>>,
  scheduler: SchedulerLike,
  notify: (method: string, params?: Record<string, unknown>) => Promise<unknown>,
): void {
  isString(diagram, 'diagram');
  assertObject(values, 'values');
  const messages = parse(diagram);
  const frames = messages.flatMap(({ frame, notification }) =>
    notification.kind === 'N' ? [{ frame, letter: String(notification.value) }] : [],
  );
  const unknown = frames.find(({ letter }) => !(letter in values))?.letter;
  if (unknown !== undefined) throw new ConfigError(`play: no value for ${JSON.stringify(unknown)}`, { path: unknown });
  for (const { letter } of frames) isPlayedValue(values[letter], `values.${letter}`);
  for (const { frame, letter } of frames) scheduler.schedule(() => perform(values[letter], notify), frame);
}

/**
 * Parses a diagram in which each character is 1 ms. RxJS does that in `TestScheduler.run` only; otherwise, a character
 * is 10 ms.
 */
function parse(diagram: string): ReturnType<typeof TestScheduler.parseMarbles> {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => TestScheduler.parseMarbles(diagram, undefined, undefined, false, true));
}

const isPlayedValue = check('[method, params], { method, params } or a function', (value) => {
  if (typeof value === 'function') return true;
  const method: unknown = Array.isArray(value) ? value[0] : isObject(value) && value['method'];
  return typeof method === 'string';
});

function perform(
  value: PlayedValue | undefined,
  notify: (method: string, params?: Record<string, unknown>) => Promise<unknown>,
): void {
  if (value === undefined) return;
  if (typeof value === 'function') value();
  else if ('method' in value) void notify(value.method, value.params);
  else void notify(...value);
}
