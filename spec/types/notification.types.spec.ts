import type {
  LoggingMessageNotification,
  ProgressNotification,
  PromptListChangedNotification,
  ResourceListChangedNotification,
  ResourceUpdatedNotification,
  ServerNotification,
  ToolListChangedNotification,
} from '@modelcontextprotocol/sdk/types.js';
import { expectTypeOf } from 'expect-type';
import type { Observable, OperatorFunction } from 'rxjs';
import {
  type CustomNotification,
  listChanged,
  logMessage,
  type LoggingLevel,
  type MCPSession,
  type Notification,
  type NotificationMap,
  type NotificationOf,
  ofMethod,
  type Progress,
  progressOf,
  type ProgressToken,
  resourceUpdated,
} from 'rx-mcp';
import { z } from 'zod';
import { schemaByHand } from '../notification/schemaByHand';

// The names are unique, because the declarations apply to the whole program.
declare module 'rx-mcp' {
  interface NotificationMap {
    'types/pulse': { count: number };
    'types/optional': { label?: string } | undefined;
  }
}

/** An operator on notifications that emits `R`. */
type Emits<R> = OperatorFunction<Notification, R>;

describe('the types of ofMethod', () => {
  it('are those of the SDK for notifications of the protocol', () => {
    expectTypeOf(ofMethod('notifications/progress')).toEqualTypeOf<Emits<ProgressNotification>>();
    expectTypeOf(ofMethod('notifications/message')).toEqualTypeOf<Emits<LoggingMessageNotification>>();
    expectTypeOf(ofMethod('notifications/tools/list_changed')).toEqualTypeOf<Emits<ToolListChangedNotification>>();
    expectTypeOf<NotificationOf<ServerNotification['method']>>().toEqualTypeOf<ServerNotification>();
  });

  it('have unknown params for an undeclared method', () => {
    expectTypeOf(ofMethod('custom/undescribed')).toEqualTypeOf<
      Emits<{ method: 'custom/undescribed'; params?: Record<string, unknown> }>
    >();
    expectTypeOf<CustomNotification<'a'>>().toEqualTypeOf<{ method: 'a'; params?: Record<string, unknown> }>();
  });

  it('are those of an augmented NotificationMap', () => {
    expectTypeOf(ofMethod('types/pulse')).toEqualTypeOf<Emits<{ method: 'types/pulse'; params: { count: number } }>>();
    expectTypeOf(ofMethod('types/optional')).toEqualTypeOf<
      Emits<{ method: 'types/optional'; params: { label?: string } | undefined }>
    >();
    expectTypeOf<NotificationMap['types/pulse']>().toEqualTypeOf<{ count: number }>();
    expectTypeOf<NotificationMap['notifications/progress']>().toEqualTypeOf<ProgressNotification['params']>();
  });

  it('are a union discriminated by method for several methods', () => {
    const operator = ofMethod('notifications/progress', 'types/pulse', 'custom/undescribed');
    type Either =
      | ProgressNotification
      | { method: 'types/pulse'; params: { count: number } }
      | CustomNotification<'custom/undescribed'>;
    expectTypeOf(operator).toEqualTypeOf<Emits<Either>>();

    const narrow = (either: Either): number | undefined =>
      either.method === 'types/pulse' ? either.params.count : undefined;
    expectTypeOf(narrow).returns.toEqualTypeOf<number | undefined>();
    expectTypeOf(ofMethod('types/pulse', 'types/pulse')).toEqualTypeOf(ofMethod('types/pulse'));
  });

  it('are a plain Notification for methods known only at run time', () => {
    const method: string = 'custom/undescribed'.toLowerCase();
    const methods: string[] = [method];
    const oneOrMore: [string, ...string[]] = [method];
    const known: readonly ('types/pulse' | 'custom/undescribed')[] = ['types/pulse'];

    expectTypeOf(ofMethod(method)).toEqualTypeOf<Emits<Notification>>();
    expectTypeOf(ofMethod(...methods)).toEqualTypeOf<Emits<Notification>>();
    expectTypeOf(ofMethod(...oneOrMore)).toEqualTypeOf<Emits<Notification>>();
    expectTypeOf(ofMethod('types/pulse', ...methods)).toEqualTypeOf<Emits<Notification>>();
    expectTypeOf(ofMethod(...known)).toEqualTypeOf<
      Emits<{ method: 'types/pulse'; params: { count: number } } | CustomNotification<'custom/undescribed'>>
    >();
    expectTypeOf<NotificationOf<`custom/${string}`>>().toEqualTypeOf<CustomNotification<`custom/${string}`>>();
  });

  it('are the output type of a schema', () => {
    const schema = z.object({ at: z.string().transform((text) => new Date(text)) });
    expectTypeOf(ofMethod('custom/undescribed', schema)).toEqualTypeOf<
      Emits<{ method: 'custom/undescribed'; params: { at: Date } }>
    >();
    expectTypeOf(ofMethod('custom/undescribed', schema, { onInvalid: 'drop' })).toEqualTypeOf<
      Emits<{ method: 'custom/undescribed'; params: { at: Date } }>
    >();

    const byHand = schemaByHand<number>(() => ({ value: 1 }));
    expectTypeOf(ofMethod('types/pulse', byHand)).toEqualTypeOf<Emits<{ method: 'types/pulse'; params: number }>>();
    expectTypeOf(ofMethod('notifications/message', byHand)).toEqualTypeOf<
      Emits<{ method: 'notifications/message'; params: number }>
    >();
  });

  it('leave params unknown without a declaration', () => {
    expectTypeOf<NotificationOf<'types/pulse'>['params']>().not.toHaveProperty('counts');
    expectTypeOf<NotificationOf<'custom/undescribed'>['params']>().toEqualTypeOf<Record<string, unknown> | undefined>();
    expectTypeOf<NotificationOf<'notifications/message'>['params']['data']>().toBeUnknown();
  });

  it('are preserved in a pipe', () => {
    const counts$ = ({ notifications$ }: MCPSession) => notifications$.pipe(ofMethod('types/pulse'));
    expectTypeOf(counts$).returns.toEqualTypeOf<Observable<{ method: 'types/pulse'; params: { count: number } }>>();
  });

  it('reject wrong use', () => {
    const wrong = (schema: z.ZodNumber): unknown[] => [
      // @ts-expect-error -- at least one method is required
      ofMethod(),
      // @ts-expect-error -- a method is a string
      ofMethod(1),
      // @ts-expect-error -- not a schema
      ofMethod('types/pulse', {}),
      // @ts-expect-error -- a schema applies to one method
      ofMethod('types/pulse', 'custom/undescribed', schema),
      // @ts-expect-error -- unknown value of onInvalid
      ofMethod('types/pulse', schema, { onInvalid: 'ignore' }),
      // @ts-expect-error -- options require a schema
      ofMethod('types/pulse', { onInvalid: 'drop' }),
      // @ts-expect-error -- not a stream of notifications
      (numbers$: Observable<number>) => numbers$.pipe(ofMethod('types/pulse')),
    ];
    expectTypeOf(wrong).toBeFunction();
  });
});

describe('the types of the other operators', () => {
  it('are the named notifications', () => {
    expectTypeOf(listChanged('tools')).toEqualTypeOf<Emits<ToolListChangedNotification>>();
    expectTypeOf(listChanged('prompts')).toEqualTypeOf<Emits<PromptListChangedNotification>>();
    expectTypeOf(listChanged('resources')).toEqualTypeOf<Emits<ResourceListChangedNotification>>();
    expectTypeOf(listChanged('tools', 'prompts')).toEqualTypeOf<
      Emits<ToolListChangedNotification | PromptListChangedNotification>
    >();
    expectTypeOf(listChanged()).toEqualTypeOf<
      Emits<ToolListChangedNotification | PromptListChangedNotification | ResourceListChangedNotification>
    >();
    expectTypeOf(resourceUpdated()).toEqualTypeOf<Emits<ResourceUpdatedNotification>>();
    expectTypeOf(resourceUpdated('file:///a')).toEqualTypeOf<Emits<ResourceUpdatedNotification>>();
    expectTypeOf(logMessage()).toEqualTypeOf<Emits<LoggingMessageNotification>>();
    expectTypeOf(logMessage('warning')).toEqualTypeOf<Emits<LoggingMessageNotification>>();
  });

  it('are the params of progress for progressOf', () => {
    expectTypeOf(progressOf('token')).toEqualTypeOf<Emits<Progress>>();
    expectTypeOf(progressOf).parameters.toEqualTypeOf<[token: ProgressToken]>();
    expectTypeOf<Progress>().toEqualTypeOf<ProgressNotification['params']>();
    expectTypeOf<Pick<Progress, 'progressToken' | 'progress' | 'total' | 'message'>>().toEqualTypeOf<{
      progressToken: string | number;
      progress: number;
      total?: number | undefined;
      message?: string | undefined;
    }>();
  });

  it('accept the values of the protocol', () => {
    expectTypeOf(logMessage).parameters.toEqualTypeOf<[level?: LoggingLevel]>();
    expectTypeOf(resourceUpdated).parameters.toEqualTypeOf<
      [uri?: string, options?: { subresources?: boolean | undefined }]
    >();
  });

  it('reject wrong use', () => {
    const wrong = (): unknown[] => [
      // @ts-expect-error -- unknown kind of list
      listChanged('roots'),
      // @ts-expect-error -- unknown level
      logMessage('warn'),
      // @ts-expect-error -- the token is required
      progressOf(),
      // @ts-expect-error -- a token is a string or a number
      progressOf({}),
      // @ts-expect-error -- a URI is a string
      resourceUpdated(new URL('file:///a')),
    ];
    expectTypeOf(wrong).toBeFunction();
  });
});
