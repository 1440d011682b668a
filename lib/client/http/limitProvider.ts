import { asyncScheduler, defer, firstValueFrom, from, of, type SchedulerLike } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { firstWithin } from '../../operator/firstWithin';
import { isObject } from '../../util/isObject';

/** Timeout for a method of a provider, in milliseconds. */
const providerTimeoutMs = 30_000;

/**
 * Wraps an OAuth provider. A method whose promise does not settle within 30 s rejects with a retryable
 * `ConnectionFailedError`, because all sessions of the provider wait for the same flow.
 *
 * @param onTimeout - replaces the outcome of a method that timed out. Receives the name of the method.
 */
export function limitProvider<T extends object>(
  provider: T,
  onTimeout: (error: ConnectionFailedError, name: PropertyKey) => unknown = fail,
  scheduler: SchedulerLike = asyncScheduler,
): T {
  function limit(name: PropertyKey, settled: PromiseLike<unknown>): Promise<unknown> {
    const message = `authorizing: authProvider.${String(name)}() timed out after ${String(providerTimeoutMs)} ms`;
    const timedOut$ = defer(() => of(onTimeout(new ConnectionFailedError(message), name)));
    return firstValueFrom(from(settled).pipe(firstWithin(providerTimeoutMs, scheduler, timedOut$)));
  }

  return new Proxy(provider, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, args);
        return isThenable(result) ? limit(name, result) : result;
      };
    },
  });
}

function fail(error: ConnectionFailedError): never {
  throw error;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value['then'] === 'function';
}
