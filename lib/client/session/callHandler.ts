import { HandlerError, type MCPError } from '../../errors';

/**
 * Calls a user-supplied handler, which may be asynchronous. If the handler throws or rejects, reports a `HandlerError`
 * with the given message. Never rejects.
 */
export async function callHandler(
  handler: () => unknown,
  message: string,
  report: (error: MCPError) => void,
): Promise<void> {
  try {
    await handler();
  } catch (cause) {
    report(new HandlerError(message, { cause }));
  }
}
