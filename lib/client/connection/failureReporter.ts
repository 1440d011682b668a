import type { MCPError } from '../../errors';

/** Reports the first failure of each outage, and ignores the others. */
export class FailureReporter {
  readonly #target: { report(error: MCPError): void };
  #isReported = false;

  /** @param target - `report` is called with the first failure. */
  constructor(target: { report(error: MCPError): void }) {
    this.#target = target;
  }

  /** Reports an error, unless one has been reported since the outage began. */
  report(error: MCPError): void {
    if (!this.#isReported) this.#target.report(error);
    this.#isReported = true;
  }

  /**
   * Handles a failed attempt. Attempts with the number 0 or 1 begin a new outage.
   *
   * @param attempt - the number of delayed attempts before this one.
   * @param isFailure - whether to report the error. Default: `false` for the drop itself, after which the first attempt
   *   is immediate.
   */
  onAttempt(error: MCPError, attempt: number, isFailure = attempt > 0): void {
    if (attempt <= 1) this.#isReported = false;
    if (isFailure) this.report(error);
  }
}
