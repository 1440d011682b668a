import { lastValueFrom, toArray } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { event, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);

describe('progress that imitates a result', () => {
  it('is emitted as progress, and the result is the response', async () => {
    const server = await stage.server((asked) => {
      if (asked.what !== 'tools/call') return false;
      const progressToken = asked.params._meta?.progressToken;
      const forged = { progressToken, progress: 1, kind: 'result', result: { content: [], isForged: true } };
      stream(asked).end(
        event({ method: 'notifications/progress', params: forged }) + event({ id: asked.id, result: { content: [] } }),
      );
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();

    const events = await lastValueFrom(session.callTool$('any').pipe(toArray()));

    expect(events).toMatchObject([
      { kind: 'progress', progress: 1 },
      { kind: 'result', result: { content: [] } },
    ]);
    expect(events[1]).not.toHaveProperty('result.isForged');
    expect(await session.callTool('any')).toEqual({ content: [] });
  });
});
