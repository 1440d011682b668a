import { expectTypeOf } from 'expect-type';
import {
  type ConfigError,
  ConnectionFailedError,
  type ConnectionLostError,
  HandlerError,
  type InvalidNotificationError,
  InvalidRootsError,
  type Issue,
  type RequestCancelledError,
  type RequestTimeoutError,
  ServerError,
  type SessionClosedError,
  type SessionExpiredError,
  type UnauthorizedError,
} from 'rx-mcp';

type AnyError =
  | ConfigError
  | ConnectionFailedError
  | ConnectionLostError
  | SessionExpiredError
  | UnauthorizedError
  | InvalidNotificationError
  | InvalidRootsError
  | RequestTimeoutError
  | RequestCancelledError
  | SessionClosedError
  | HandlerError
  | ServerError;

describe('the types of errors', () => {
  it('are those of an Error that knows whether to try again', () => {
    expectTypeOf<AnyError>().toExtend<Error & { retryable: boolean; server?: string }>();
    expectTypeOf<AnyError['name']>().toBeString();
    expectTypeOf<AnyError['cause']>().toBeUnknown();
  });

  it('say for most of them whether it makes sense', () => {
    expectTypeOf<
      (ConnectionLostError | SessionExpiredError | RequestTimeoutError)['retryable']
    >().toEqualTypeOf<true>();
    expectTypeOf<
      (ConfigError | UnauthorizedError | RequestCancelledError | SessionClosedError | ServerError)['retryable']
    >().toEqualTypeOf<false>();
    expectTypeOf<ConnectionFailedError['retryable']>().toBeBoolean();
  });

  it('have what each has to tell', () => {
    expectTypeOf<ConfigError['path']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ConnectionFailedError['status']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<InvalidNotificationError['issues']>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<InvalidNotificationError['notification']>().toBeUnknown();
    expectTypeOf<InvalidRootsError['issues']>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<RequestTimeoutError['timeout']>().toBeNumber();
    expectTypeOf<ServerError['code']>().toBeNumber();
    expectTypeOf<ServerError['data']>().toBeUnknown();
  });

  it('are told apart by their class', () => {
    const tell = (error: Error) => {
      if (error instanceof ServerError) return error.code;
      if (error instanceof ConnectionFailedError) return error.status;
      return error instanceof InvalidRootsError ? error.issues : error.message;
    };

    expectTypeOf(tell).returns.toEqualTypeOf<string | number | readonly Issue[] | undefined>();
    expect(tell(new ServerError('no such tool', { code: -32602 }))).toBe(-32602);
    expect(tell(new ConnectionFailedError('refused', { status: 503 }))).toBe(503);
    expect(tell(new HandlerError('thrown'))).toBe('thrown');
  });
});
