import { lastValueFrom, toArray } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { event, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);

describe('progress that imitates a result', () => {
  it('is emitted as progress, and the result is the response', async () => {
    const server = await stage.server((incoming) => {
      if (incoming.kind !== 'tools/call') return false;
      const progressToken = incoming.params._meta?.progressToken;
      const forged = { progressToken, progress: 1, kind: 'result', result: { content: [], isForged: true } };
      stream(incoming).end(
        event({ method: 'notifications/progress', params: forged }) +
          event({ id: incoming.id, result: { content: [] } }),
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
