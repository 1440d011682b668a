import type { MCPError } from '../../errors';

/** Reports only the first failure of each outage. */
export class FailureReporter {
  readonly #target: { report(error: MCPError): void };
  #isReported = false;

  /** @param target - receives the reported failures. */
  constructor(target: { report(error: MCPError): void }) {
    this.#target = target;
  }

  /** Reports an error, unless one has been reported since the outage began. */
  report(error: MCPError): void {
    if (!this.#isReported) this.#target.report(error);
    this.#isReported = true;
  }

  /**
   * Handles a failed attempt. A new outage begins with the first attempts.
   *
   * @param attempt - the number of delayed attempts before this one.
   * @param isFailure - whether to report the error. Default: the immediate attempt after a drop is not a failure.
   */
  onAttempt(error: MCPError, attempt: number, isFailure = attempt > 0): void {
    if (attempt <= 1) this.#isReported = false;
    if (isFailure) this.report(error);
  }
}
