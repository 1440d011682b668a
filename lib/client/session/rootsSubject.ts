import { Subject } from 'rxjs';
import { HandlerError, InvalidRootsError, SessionClosedError, type Issue, MCPError } from '../../errors';
import type { Root } from '../../protocol/types';

/** What roots are told to, and who is told of those that are not good. */
export interface RootsOutlet {
  /** Tells the server that the roots have changed; resolves when that is sent. */
  announce(): Promise<void>;
  report(error: MCPError): void;
}

/**
 * The client's roots, as a Subject: what is sent in becomes the answer to `roots/list`, and is announced with
 * `notifications/roots/list_changed`, once for each emission, in order. Made to be driven:
 * `workspace$.subscribe(session.roots$)`.
 *
 * Subscribers get each accepted value from then on. Roots that are not good are told as an `InvalidRootsError` on the
 * session's `errors$`; the last good ones stay. A source that completes or errors leaves the roots as they are, and this
 * Subject open: it completes with its session only.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots
 */
export class RootsSubject extends Subject<readonly Root[]> {
  #value: readonly Root[];
  readonly #outlet: RootsOutlet;
  #ended = false;

  constructor(initial: readonly Root[], outlet: RootsOutlet) {
    super();
    assertRoots(initial);
    this.#value = Object.freeze([...initial]);
    this.#outlet = outlet;
  }

  /** The roots now. */
  get value(): readonly Root[] {
    return this.#value;
  }

  /** Takes these roots, and announces them; those that are not good are told on `errors$`, and change nothing. */
  override next(roots: readonly Root[]): void {
    try {
      this.#accept(roots).catch(this.#outlet.report);
    } catch (error) {
      if (!(error instanceof MCPError)) throw error;
      this.#outlet.report(error);
    }
  }

  /** A source that fails is told on `errors$` as a `HandlerError`; the roots outlive what drives them. */
  override error(cause: unknown): void {
    this.#outlet.report(new HandlerError('roots$: its source failed; the roots stay as they are', { cause }));
  }

  /** Does nothing: the roots outlive what drives them. */
  override complete(): void {}

  /** As `next`, but resolves when the server has been told, and rejects with what stood in the way. */
  async set(roots: readonly Root[]): Promise<void> {
    await this.#accept(roots);
  }

  /** Completes it, when its session ends. */
  end(): void {
    this.#ended = true;
    super.complete();
  }

  /** Throws at once when they are not good; resolves when the server has been told. */
  #accept(roots: readonly Root[]): Promise<void> {
    if (this.closed || this.#ended) throw new SessionClosedError('the session has been closed');
    assertRoots(roots);
    this.#value = Object.freeze([...roots]);
    const announced = this.#outlet.announce();
    super.next(this.#value);
    return announced;
  }
}

function assertRoots(roots: unknown): asserts roots is readonly Root[] {
  if (!Array.isArray(roots)) throw invalid([{ message: 'expected an array of roots' }]);
  const issues = roots.flatMap((root: unknown, index) =>
    issuesOf(root).map((issue) => ({ ...issue, path: [index, ...issue.path] })),
  );
  if (issues.length > 0) throw invalid(issues);
}

function issuesOf(root: unknown): { message: string; path: string[] }[] {
  if (typeof root !== 'object' || root === null) return [{ message: 'expected { uri, name? }', path: [] }];
  const issues = [];
  const uri: unknown = 'uri' in root ? root.uri : undefined;
  const name: unknown = 'name' in root ? root.name : undefined;
  if (typeof uri !== 'string' || !uri.startsWith('file://')) {
    issues.push({ message: 'expected a URI that begins with file://', path: ['uri'] });
  }
  if (name !== undefined && typeof name !== 'string') issues.push({ message: 'expected a string', path: ['name'] });
  return issues;
}

function invalid(issues: readonly Issue[]): InvalidRootsError {
  const [issue] = issues;
  const at = (issue?.path ?? []).map(String).join('.');
  return new InvalidRootsError(`roots${at && `.${at}`}: ${issue?.message ?? 'invalid'}`, { issues });
}
