import { Subject } from 'rxjs';
import { type Progress, progressOf } from '../../lib/notification/progressOf';
import type { Notification, ProgressToken } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { operatorCases } from './operatorCases';

const progress = (progressToken: ProgressToken, done: number, rest: Partial<Progress> = {}) => ({
  method: 'notifications/progress',
  params: { progressToken, progress: done, ...rest },
});

describe('progressOf', () => {
  describe('of a token that is a string', () => {
    operatorCases({
      operator: () => progressOf('upload'),
      a: progress('upload', 1),
      b: progress('upload', 2, { total: 2, message: 'done' }),
      x: progress('download', 1),
      A: { progressToken: 'upload', progress: 1 },
      B: { progressToken: 'upload', progress: 2, total: 2, message: 'done' },
    });
  });

  describe('of a token that is a number', () => {
    operatorCases({
      operator: () => progressOf(0),
      a: progress(0, 0.5),
      b: progress(0, 1),
      x: progress('0', 1),
      A: { progressToken: 0, progress: 0.5 },
      B: { progressToken: 0, progress: 1 },
    });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it('distinguishes tokens of different types', () => {
      const source$ = new Subject<Notification>();
      const stream$ = over(source$);
      const seen: [ProgressToken, ProgressToken][] = [];
      const tokens = [1, '1', '', ' ', 'constructor', '__proto__', 'é', 'e\u0301', -1];
      for (const token of tokens) {
        stream$.pipe(progressOf(token)).subscribe(({ progressToken }) => seen.push([token, progressToken]));
      }

      for (const token of tokens) source$.next(progress(token, 1));

      expect(seen).toEqual(tokens.map((token) => [token, token]));
    });

    it('emits repeated, decreasing and excessive progress unchanged', () => {
      const source$ = new Subject<Notification>();
      const seen: number[] = [];
      over(source$)
        .pipe(progressOf('upload'))
        .subscribe(({ progress: done }) => seen.push(done));

      for (const done of [1, 1, 3, 2, 200]) source$.next(progress('upload', done, { total: 100 }));

      expect(seen).toEqual([1, 1, 3, 2, 200]);
    });

    it.each([
      { progress: 1 },
      { progressToken: 'upload' },
      { progressToken: 'upload', progress: '1' },
      { progressToken: 'upload', progress: 1, total: null },
      { progressToken: 'upload', progress: 1, message: {} },
      undefined,
    ])('drops the params %j', (params) => {
      const source$ = new Subject<Notification>();
      const seen: Progress[] = [];
      over(source$)
        .pipe(progressOf('upload'))
        .subscribe((params) => seen.push(params));

      source$.next({ method: 'notifications/progress', params });
      source$.next({ method: 'custom/progress', params: { progressToken: 'upload', progress: 1 } });

      expect(seen).toEqual([]);
    });
  });
});
