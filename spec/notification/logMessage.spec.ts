import { LoggingLevelSchema } from '@modelcontextprotocol/sdk/types.js';
import { Subject } from 'rxjs';
import { loggingLevels } from '../../lib/notification/notificationMap';
import { logMessage } from '../../lib/notification/logMessage';
import type { LoggingLevel, Notification } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { operatorCases } from './operatorCases';

const message = (level: LoggingLevel, data: unknown = 'text') => ({
  method: 'notifications/message' as const,
  params: { level, data },
});

describe('logMessage', () => {
  it('orders the levels of the protocol by severity', () => {
    expect(loggingLevels).toEqual(LoggingLevelSchema.options);
  });

  describe('of any level', () => {
    operatorCases({
      operator: () => logMessage(),
      a: message('debug'),
      b: message('emergency'),
      x: { method: 'custom/message', params: { level: 'debug', data: 'text' } },
      A: message('debug'),
      B: message('emergency'),
    });
  });

  describe('of a level and above', () => {
    operatorCases({
      operator: () => logMessage('warning'),
      a: message('warning'),
      b: message('error'),
      x: message('notice'),
      A: message('warning'),
      B: message('error'),
    });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it.each(LoggingLevelSchema.options.map((level, index) => ({ level, index })))(
      'emits $level and above',
      ({ level, index }) => {
        const source$ = new Subject<Notification>();
        const seen: LoggingLevel[] = [];
        over(source$)
          .pipe(logMessage(level))
          .subscribe(({ params }) => seen.push(params.level));

        for (const each of LoggingLevelSchema.options) source$.next(message(each));

        expect(seen).toEqual(LoggingLevelSchema.options.slice(index));
      },
    );

    it('accepts any data, or none', () => {
      const source$ = new Subject<Notification>();
      const seen: unknown[] = [];
      over(source$)
        .pipe(logMessage())
        .subscribe(({ params }) => seen.push(params.data));

      for (const data of [null, 0, { nested: ['x'] }]) source$.next(message('info', data));
      source$.next({ method: 'notifications/message', params: { level: 'info' } });

      expect(seen).toEqual([null, 0, { nested: ['x'] }, undefined]);
    });

    it('drops messages with an unknown level', () => {
      const source$ = new Subject<Notification>();
      const seen: unknown[] = [];
      over(source$)
        .pipe(logMessage())
        .subscribe((notification) => seen.push(notification));

      for (const level of ['trace', 'WARNING', 3, null]) {
        source$.next({ method: 'notifications/message', params: { level, data: 'text' } });
      }
      source$.next({ method: 'notifications/message' });

      expect(seen).toEqual([]);
    });
  });
});
