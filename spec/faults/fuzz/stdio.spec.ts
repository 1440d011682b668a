import fc from 'fast-check';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programArgs } from '../../rig/programArgs';
import { watchSession } from '../../rig/watchSession';
import { anyCuts, anyMessage, cut, includesAll } from './anyMessage';

const ending = fc.constantFrom('\n', '\r\n', '\n\n', ' \n', '\n\r\n');

describe('a stdio server that writes any lines, cut at any bytes', () => {
  const args = programArgs('spec/faults/fuzz/scriptedStdio.ts');
  const watched = watchSession(new MCPSession(new StdioConnector({ command: process.execPath, args })));
  const { session, ticks, statuses } = watched;
  afterAll(() => session.disconnect());

  it('has each valid message delivered once and in order, and keeps its connection', async () => {
    await session.connect();
    const connected = statuses.length;
    const lines = fc.array(fc.tuple(anyMessage, ending), { maxLength: 20 });

    await fc.assert(
      fc.asyncProperty(lines, anyCuts, async (sent, places) => {
        const before = ticks.length;
        const text = sent.map(([{ text: line }, end]) => line + end).join('');
        const chunks = cut(text, places).map((chunk) => chunk.toString('base64'));
        await session.callTool('write', { chunks }, { timeout: 10_000 });
        const requestIds = sent.flatMap(([{ requestId }]) => requestId ?? []);
        let answered: unknown;
        // The client answers after a few turns of the event loop.
        for (let turn = 0; turn < 100 && !includesAll(answered, requestIds); turn++) {
          answered = (await session.callTool('write', {}, { timeout: 10_000 })).structuredContent?.['answered'];
        }

        expect(ticks.slice(before)).toEqual(sent.flatMap(([{ tick }]) => tick ?? []));
        expect(answered).toEqual(expect.arrayContaining(requestIds));
        expect(statuses).toHaveLength(connected);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);
});
