import type { MCPError } from '../../errors';

/** Reports only the first failure of each outage. */
interface FailureReporter {
  /** Reports an error, unless one has been reported since the outage began. */
  report(error: MCPError): void;
  /**
   * Handles a failed attempt. A new outage begins with the first attempts.
   *
   * @param attempt - the number of delayed attempts before this one.
   * @param isFailure - whether to report the error. Default: the immediate attempt after a drop is not a failure.
   */
  onAttempt(error: MCPError, attempt: number, isFailure?: boolean): void;
}

/** Creates a {@link FailureReporter}. */
export function createFailureReporter(report: (error: MCPError) => void): FailureReporter {
  let isReported = false;
  const self: FailureReporter = {
    report(error) {
      if (!isReported) report(error);
      isReported = true;
    },
    onAttempt(error, attempt, isFailure = attempt > 0) {
      if (attempt <= 1) isReported = false;
      if (isFailure) self.report(error);
    },
  };
  return self;
}
