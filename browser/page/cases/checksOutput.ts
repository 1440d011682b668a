import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** A tool with an output schema works where the page's policy forbids generating code from text. */
export const checksOutput: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    await session.connect();
    await session.listTools();
    check('the sum', (await session.callTool('add', { a: 1, b: 2 })).structuredContent, { sum: 3 });
    return 'without unsafe-eval';
  });
