import { expectTypeOf } from 'expect-type';
import type { Connector, HttpConnector } from 'rx-mcp';
import type { MCPServer } from 'rx-mcp/server';
import {
  type LeftOpenError,
  recording,
  replaying,
  simulateNetwork,
  type SimulatedNetwork,
  virtualTime,
} from 'rx-mcp/testing';
import { recordingFile, serve } from 'rx-mcp/testing/node';
import { of, type SchedulerLike } from 'rxjs';

/** Compiled, never run. */
function _types(server: MCPServer, connector: Connector): void {
  const time = virtualTime();
  expectTypeOf(time.scheduler).toExtend<SchedulerLike>();
  expectTypeOf(time.advance(1)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(time.watch(of('a')).frames).toEqualTypeOf<readonly (readonly [number, string])[]>();

  const net = simulateNetwork(server, { era: 'modern', scheduler: time.scheduler, latency: undefined });
  expectTypeOf(net.connector()).toEqualTypeOf<HttpConnector>();
  expectTypeOf(net).toExtend<AsyncDisposable>();
  net.play('-a-b-c', { a: ['custom/x', { n: 1 }], b: { method: 'custom/y' }, c: () => net.down() }, time);
  // @ts-expect-error -- unknown era
  simulateNetwork(server, { era: 'old' });
  // @ts-expect-error -- a server needs fetch
  simulateNetwork({});

  expectTypeOf(recording(connector, (line) => expectTypeOf(line).toBeString())).toEqualTypeOf<Connector>();
  expectTypeOf(replaying(['{}'], { match: 'any', pace: 'asap' })).toEqualTypeOf<Connector>();
  // @ts-expect-error -- unknown pace
  replaying('', { pace: 'fast' });
  expectTypeOf(recordingFile('x').sink).toEqualTypeOf<(line: string) => void>();
  expectTypeOf(serve(server)).resolves.toExtend<SimulatedNetwork & { readonly url: string }>();
  expectTypeOf<LeftOpenError['name']>().toEqualTypeOf<'LeftOpenError'>();
}

describe('the types of the test kit', () => {
  it('match the expectations of this file when it is compiled', () => {
    expect(_types).toBeInstanceOf(Function);
  });
});
