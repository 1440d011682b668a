import { Subject } from 'rxjs';
import { resourceUpdated } from '../../lib/notification/resourceUpdated';
import type { Notification } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { operatorCases } from './operatorCases';

const updated = (
  uri: string,
  title?: string,
): { method: 'notifications/resources/updated'; params: { uri: string } } => ({
  method: 'notifications/resources/updated',
  params: { uri, ...(title !== undefined && { title }) },
});

const notes = updated('file:///notes.md');
const notesAgain = updated('file:///notes.md', 'Notes');
const other = updated('file:///other.md');

describe('resourceUpdated', () => {
  describe('of one URI', () => {
    operatorCases({
      operator: () => resourceUpdated('file:///notes.md'),
      a: notes,
      b: notesAgain,
      x: other,
      A: notes,
      B: notesAgain,
    });
  });

  describe('of any URI', () => {
    operatorCases({
      operator: () => resourceUpdated(),
      a: notes,
      b: other,
      x: { method: 'notifications/resources/list_changed' },
      A: notes,
      B: other,
    });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it('distinguishes URIs that differ in case, path or fragment', () => {
      const source$ = new Subject<Notification>();
      const seen: string[] = [];
      const notes$ = over(source$).pipe(resourceUpdated('file:///notes.md'));
      notes$.subscribe(({ params }) => seen.push(params.uri));

      for (const uri of ['file:///NOTES.md', 'file:///notes.md/', 'file:///notes.md#top', '', 'file:///notes.md']) {
        source$.next(updated(uri));
      }

      expect(seen).toEqual(['file:///notes.md']);
    });

    it('distinguishes the paths and queries of one host, and treats equivalent spellings as equal', () => {
      const source$ = new Subject<Notification>();
      const seen: string[] = [];
      over(source$)
        .pipe(resourceUpdated('https://example.com/a'))
        .subscribe(({ params }) => seen.push(params.uri));
      over(source$)
        .pipe(resourceUpdated('https://example.com'))
        .subscribe(({ params }) => seen.push(params.uri));

      for (const path of ['/b', '/', '/a/', '/a?b', '/a']) source$.next(updated(`HTTPS://Example.com:443${path}`));

      expect(seen).toEqual(['HTTPS://Example.com:443/', 'HTTPS://Example.com:443/a']);
    });

    it('accepts an empty URI', () => {
      const source$ = new Subject<Notification>();
      const seen: unknown[] = [];
      over(source$)
        .pipe(resourceUpdated(''))
        .subscribe((notification) => seen.push(notification));

      source$.next(notes);
      source$.next(updated(''));

      expect(seen).toEqual([updated('')]);
    });

    it.each([undefined, '', 'file:///notes.md'])('drops notifications without a URI: %j', (uri) => {
      const source$ = new Subject<Notification>();
      const seen: unknown[] = [];
      over(source$)
        .pipe(resourceUpdated(uri))
        .subscribe((notification) => seen.push(notification));

      source$.next({ method: 'notifications/resources/updated' });
      source$.next({ method: 'notifications/resources/updated', params: {} });
      source$.next({ method: 'notifications/resources/updated', params: { uri: ['file:///notes.md'] } });
      source$.next({ method: 'custom/updated', params: { uri: 'file:///notes.md' } });

      expect(seen).toEqual([]);
    });
  });
});
