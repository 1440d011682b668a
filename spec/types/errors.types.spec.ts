import { expectTypeOf } from 'expect-type';
import {
  ConfigError,
  ConnectionFailedError,
  type ConnectionLostError,
  HandlerError,
  type InvalidNotificationError,
  InvalidResultError,
  type InvalidRootsError,
  type Issue,
  MCPError,
  type RequestCancelledError,
  type RequestTimeoutError,
  ServerError,
  type SessionClosedError,
  type SessionExpiredError,
  type UnauthorizedError,
} from 'rx-mcp';

describe('error types', () => {
  it('extend Error with name, retryable, cause and server', () => {
    expectTypeOf<MCPError>().toExtend<Error & { retryable: boolean; server?: string }>();
    expectTypeOf<MCPError['cause']>().toBeUnknown();
  });

  it('have a literal name each', () => {
    expectTypeOf<MCPError['name']>().toEqualTypeOf<
      | 'ConfigError'
      | 'ConnectionFailedError'
      | 'ConnectionLostError'
      | 'SessionExpiredError'
      | 'UnauthorizedError'
      | 'InvalidNotificationError'
      | 'InvalidResultError'
      | 'InvalidRootsError'
      | 'RequestTimeoutError'
      | 'RequestCancelledError'
      | 'SessionClosedError'
      | 'HandlerError'
      | 'ServerError'
    >();
  });

  it('have a literal retryable, except ConnectionFailedError', () => {
    expectTypeOf<
      (ConnectionLostError | SessionExpiredError | RequestTimeoutError)['retryable']
    >().toEqualTypeOf<true>();
    expectTypeOf<
      (ConfigError | UnauthorizedError | RequestCancelledError | SessionClosedError | ServerError)['retryable']
    >().toEqualTypeOf<false>();
    expectTypeOf<ConnectionFailedError['retryable']>().toBeBoolean();
  });

  it('have typed details', () => {
    expectTypeOf<ConfigError['path']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ConnectionFailedError['status']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<InvalidNotificationError['issues']>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<InvalidNotificationError['notification']>().toBeUnknown();
    expectTypeOf<InvalidResultError['issues']>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<InvalidResultError['result']>().toBeUnknown();
    expectTypeOf<InvalidRootsError['issues']>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<RequestTimeoutError['timeout']>().toBeNumber();
    expectTypeOf<ServerError['code']>().toBeNumber();
    expectTypeOf<ServerError['data']>().toBeUnknown();
  });

  it('narrow by name', () => {
    function detailOf(error: MCPError) {
      switch (error.name) {
        case 'ServerError':
          return error.code;
        case 'ConnectionFailedError':
          return error.status;
        case 'InvalidResultError':
          return error.issues;
        default:
          return error.message;
      }
    }

    expectTypeOf(detailOf).returns.toEqualTypeOf<string | number | readonly Issue[] | undefined>();
    expect(detailOf(new ServerError('no such tool', { code: -32602 }))).toBe(-32602);
    expect(detailOf(new ConnectionFailedError('refused', { status: 503 }))).toBe(503);
    expect(detailOf(new HandlerError('thrown'))).toBe('thrown');
  });

  it('narrow by instanceof, from unknown and from the base class', () => {
    function detailOf(error: unknown) {
      if (error instanceof ServerError) {
        expectTypeOf(error).toEqualTypeOf<ServerError>();
        return error.code;
      }
      if (!(error instanceof MCPError)) return 'foreign';
      expectTypeOf(error).toEqualTypeOf<MCPError>();
      return error.name === 'InvalidResultError' ? error.result : error.name;
    }

    expect(detailOf(new ServerError('no such tool', { code: -32602 }))).toBe(-32602);
    expect(detailOf(new InvalidResultError('mismatch', { issues: [], result: 7 }))).toBe(7);
    expect(detailOf(new ConfigError('options'))).toBe('ConfigError');
    expect(detailOf(new Error('other'))).toBe('foreign');
    expect(detailOf(undefined)).toBe('foreign');
  });

  it('have MCPError as the class that each extends', () => {
    class OwnError extends MCPError {
      override get name() {
        return 'OwnError';
      }
      readonly retryable = false;
    }

    expect(Object.getPrototypeOf(ServerError)).toBe(MCPError);
    expect(new OwnError('x')).toBeInstanceOf(MCPError);
    expect(new OwnError('x')).not.toBeInstanceOf(ServerError);
  });
});
