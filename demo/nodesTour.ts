import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { redisBackplane } from 'rx-mcp/redis';
import { MCPServer } from 'rx-mcp/server';
import { concat, defer, exhaustMap, filter, ignoreElements, interval, merge, take, timer } from 'rxjs';
import { startRedis } from '../proof/servers/startRedis';
import { type NodeProcess, startNodeProcess } from '../spec/server/nodes/rig/startNodeProcess';
import { startRoundRobin } from '../spec/server/nodes/rig/startRoundRobin';
import type { DemoFact } from './facts';
import { callFacts, reconnect, type Scenario, step, withinTourTimeout } from './scenario';

const sendPeriodMs = 400;

/**
 * Creates a tour of a server with several nodes. Each node runs in its own process, on a shared `redis-server` and behind a
 * balancer that sends every request to the next node. The node with the stream of the session is killed, and the numbered
 * notifications continue.
 */
export async function nodesTour(count: number): Promise<Scenario> {
  const redis = await startRedis();
  const nodes = await Promise.all(Array.from({ length: count }, () => startNodeProcess(redis.url)));
  const balancer = await startRoundRobin(nodes.map(({ port }) => port));
  // This server is not behind the balancer. It only sends.
  const sender = new MCPServer({ name: 'sender', version: '1.0.0' }, { backplane: redisBackplane({ url: redis.url }) });
  const session = new MCPSession(new HttpConnector(balancer.url, { reconnect }), { timeout: 30_000 });

  const received: unknown[] = [];
  session.notifications$.pipe(ofMethod('custom/count')).subscribe(({ params }) => received.push(params?.['n']));
  let sent = 0;
  const sending = interval(sendPeriodMs)
    .pipe(exhaustMap(() => sender.notify('custom/count', { n: ++sent })))
    .subscribe();

  const running = (): NodeProcess[] => nodes.filter(({ failure, pid }) => failure === undefined && !killed.has(pid));
  const killed = new Set<number>();
  const listening$ = session.status$.pipe(
    filter((status) => status.state === 'connected' && status.listening),
    take(1),
    ignoreElements(),
  );
  /** Completes when the last number has arrived, or after a timeout. */
  const arriving$ = merge(interval(20).pipe(filter(() => received.length >= sent)), timer(5_000)).pipe(
    take(1),
    ignoreElements(),
  );
  const result = (): DemoFact => {
    const missed = sent - new Set(received).size;
    const text = `${sent} sent, ${received.length} received, ${missed} missed`;
    return { type: 'result', tool: 'count', text };
  };

  return {
    session,
    steps$: concat(
      step(`${count} nodes: each request goes to the next one`, () =>
        concat(...nodes.map(() => callFacts(session, 'whoami'))),
      ),
      ...nodes.slice(1).flatMap((_, index) => [
        step(`The node with the stream is killed (${index + 1} of ${count - 1})`, () =>
          defer(async () => {
            const holder = running().find(({ report }) => report.status.listening > 0) ?? running()[0];
            if (!holder) return;
            killed.add(holder.pid);
            await holder.kill();
          }).pipe(ignoreElements()),
        ),
        step('Another node takes over the session', () => concat(listening$, callFacts(session, 'whoami'))),
      ]),
      step('Nothing was missed', () => {
        sending.unsubscribe();
        return concat(
          arriving$,
          defer(() => [result()]),
        );
      }),
    ).pipe(withinTourTimeout()),
    async close() {
      sending.unsubscribe();
      await balancer.close();
      await sender.close();
      await Promise.all(nodes.map((node) => node.kill()));
      await redis.kill();
    },
  };
}
