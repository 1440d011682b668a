import { Subject } from 'rxjs';
import { listChanged, type ListKind } from '../../lib/notification/listChanged';
import type { Notification } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { operatorCases } from './operatorCases';

const tools = { method: 'notifications/tools/list_changed' as const };
const prompts = { method: 'notifications/prompts/list_changed' as const };
const resources = { method: 'notifications/resources/list_changed' as const };
const roots = { method: 'notifications/roots/list_changed' };

describe('listChanged', () => {
  describe('of one kind', () => {
    const withMeta = { ...tools, params: { _meta: { reason: 'upgrade' } } };
    operatorCases({ operator: () => listChanged('tools'), a: tools, b: withMeta, x: prompts, A: tools, B: withMeta });
  });

  describe('of two kinds', () => {
    operatorCases({
      operator: () => listChanged('tools', 'prompts'),
      a: tools,
      b: prompts,
      x: resources,
      A: tools,
      B: prompts,
    });
  });

  describe('of every kind', () => {
    operatorCases({ operator: () => listChanged(), a: resources, b: prompts, x: roots, A: resources, B: prompts });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it.each<[ListKind[], Notification[]]>([
      [['tools'], [tools, tools]],
      [['prompts'], [prompts]],
      [['resources'], [resources]],
      [
        ['resources', 'tools'],
        [tools, resources, tools],
      ],
      [
        ['tools', 'tools'],
        [tools, tools],
      ],
      [
        ['tools', 'prompts', 'resources'],
        [tools, prompts, resources, tools],
      ],
      [[], [tools, prompts, resources, tools]],
    ])('emits changes of %j in order', (kinds, expected) => {
      const source$ = new Subject<Notification>();
      const seen: Notification[] = [];
      over(source$)
        .pipe(listChanged(...kinds))
        .subscribe((notification) => seen.push(notification));

      for (const notification of [tools, prompts, roots, resources, tools]) source$.next(notification);

      expect(seen).toEqual(expected);
    });
  });
});
