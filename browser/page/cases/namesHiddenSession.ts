import { ConnectionFailedError } from 'rx-mcp';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** The error names the cause if a server does not expose the session id to pages. */
export const namesHiddenSession: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    const error: unknown = await session.connect().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectionFailedError))
      throw new Error(`expected a ConnectionFailedError, got ${String(error)}`);
    check('that the header is named', error.message.includes('Access-Control-Expose-Headers'), true);
    check('that the id is named', error.message.includes('Mcp-Session-Id'), true);
    return error.message;
  });
