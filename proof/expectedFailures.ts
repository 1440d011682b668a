/** A known failure. */
export interface ExpectedFailure {
  /** Why this library is right to fail here. */
  readonly reason: string;
  /** Pattern of the error. Any other error counts as a failure. */
  readonly message: RegExp;
}

const noPolling: ExpectedFailure = {
  reason:
    'the protocol recommends `retry` for servers that close a stream to make the client poll; this server keeps streams ' +
    'open, and lets the client choose the delay',
  message: /^server-sse-retry-field: Server did not send retry field\.[^;]*$/,
};

/** Known failures by `section: name`. A listed case that passes counts as a failure, so that it is removed from the list. */
export const expectedFailures: Readonly<Record<string, ExpectedFailure>> = {
  'server: conformance: server-sse-polling (0.1.16)': noPolling,
  'server: conformance: server-sse-polling (0.2.0-alpha.12, 2025-11-25)': noPolling,
  'conformance: sep-2322-client-request-state (0.2.0-alpha.12, 2026-07-28)': {
    reason:
      'every check passes, but the last tool responds without `resultType`, which a server of version 2026-07-28 MUST ' +
      'include; the client rejects the response (reported to the suite: conformance#475)',
    message: /^(?!.*sep-2322).*missing required resultType/s,
  },
};
