import { Subject } from 'rxjs';
import { HandlerError, InvalidRootsError, SessionClosedError, type Issue, MCPError } from '../../errors';
import type { Root } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { issuePath } from '../../util/issuePath';
import { toTypedError } from '../connection/toTypedError';

export interface RootsTarget {
  /** Sends `notifications/roots/list_changed`. Resolves when the notification has been sent. */
  announce(): Promise<void>;
  report(error: MCPError): void;
}

/**
 * The client's roots, as a Subject. Each emission sets the response to `roots/list` and sends one
 * `notifications/roots/list_changed`, in order. To set the roots from a stream: `workspace$.subscribe(session.roots$)`.
 *
 * Emits each accepted value. Hot. If the roots are invalid, the session's `errors$` emits an `InvalidRootsError`, and
 * the last valid roots stay in effect. If the source completes or errors, the roots stay in effect as well, and the
 * Subject accepts further emissions. Completes only when the session ends.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots
 */
export class RootsSubject extends Subject<readonly Root[]> {
  #value: readonly Root[];
  readonly #target: RootsTarget;
  #hasEnded = false;

  constructor(initial: readonly Root[], target: RootsTarget) {
    super();
    assertRoots(initial);
    this.#value = Object.freeze([...initial]);
    this.#target = target;
  }

  /** The current roots. */
  get value(): readonly Root[] {
    return this.#value;
  }

  /**
   * Sets the roots and notifies the server. If the roots are invalid, `errors$` emits an `InvalidRootsError`, and
   * nothing else happens.
   */
  override next(roots: readonly Root[]): void {
    try {
      this.#accept(roots).catch((error: unknown) => {
        this.#target.report(toTypedError(error, 'roots$'));
      });
    } catch (error) {
      if (!(error instanceof MCPError)) throw error;
      this.#target.report(error);
    }
  }

  /** Called when the source errors. `errors$` emits a `HandlerError`. The roots stay in effect. */
  override error(cause: unknown): void {
    this.#target.report(new HandlerError('roots$: the source failed (the roots are unchanged)', { cause }));
  }

  /** Called when the source completes. Does nothing: the roots stay in effect. */
  override complete(): void {}

  /**
   * Like `next`, but resolves when the notification has been sent, and rejects if the roots are invalid or the
   * notification cannot be sent.
   */
  async set(roots: readonly Root[]): Promise<void> {
    await this.#accept(roots);
  }

  /** Completes the Subject when its session ends. */
  end(): void {
    this.#hasEnded = true;
    super.complete();
  }

  /** Throws if the roots are invalid. Resolves when the notification has been sent. */
  #accept(roots: readonly Root[]): Promise<void> {
    if (this.closed || this.#hasEnded) throw new SessionClosedError('session: closed by disconnect()');
    assertRoots(roots);
    this.#value = Object.freeze([...roots]);
    const announced = this.#target.announce();
    super.next(this.#value);
    return announced;
  }
}

function assertRoots(roots: unknown): asserts roots is readonly Root[] {
  if (!Array.isArray(roots)) throw invalid([{ message: 'expected an array of roots' }]);
  const issues = roots.flatMap(issuesOf);
  if (issues.length > 0) throw invalid(issues);
}

function issuesOf(root: unknown, index: number): Issue[] {
  if (!isObject(root)) return [{ message: 'expected { uri, name? }', path: [index] }];
  const issues: Issue[] = [];
  const { uri, name = '' } = root;
  if (typeof uri !== 'string' || !uri.startsWith('file://')) {
    issues.push({ message: 'expected a URI that begins with file://', path: [index, 'uri'] });
  }
  if (typeof name !== 'string') issues.push({ message: 'expected a string', path: [index, 'name'] });
  return issues;
}

function invalid(issues: readonly Issue[]): InvalidRootsError {
  const [issue] = issues;
  return new InvalidRootsError(`${issuePath(issue, 'roots')}: ${issue?.message ?? 'invalid'}`, { issues });
}
