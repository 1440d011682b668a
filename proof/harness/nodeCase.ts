import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { NodesStage } from '../../spec/soak/nodes/nodesStage';
import { type NodesOptions, type NodesReport, runNodes } from '../../spec/soak/nodes/runNodes';
import type { ProofCase } from './proofCase';

/** Asserts that nothing was lost or duplicated, and that no client reported a gap. */
export function assertWhole({ own, raw, failures }: NodesReport): void {
  for (const { duplicated, lostInside, lostOutside, gaps, calls, stuck } of [own, raw]) {
    assert.deepEqual(
      { duplicated, lost: lostInside + lostOutside, gaps, stuck, wrong: calls.wrong },
      { duplicated: 0, lost: 0, gaps: 0, stuck: 0, wrong: 0 },
    );
  }
  assert.deepEqual(failures, []);
}

/** Asserts that every loss was reported as a gap, and that every client continues. */
export function assertReported({ own, raw, failures }: NodesReport): void {
  assert.deepEqual(
    { lostOutside: own.lostOutside, duplicated: own.duplicated, stuck: own.stuck, wrong: own.calls.wrong },
    { lostOutside: 0, duplicated: 0, stuck: 0, wrong: 0 },
  );
  // The SDK's client repeatedly requests a position that no longer exists, and does not open a new stream.
  assert.equal(raw.duplicated, 0);
  assert.deepEqual(failures, []);
}

/** A case that injects faults, and then checks the totals. */
interface NodeCase extends Pick<ProofCase, 'name' | 'seconds' | 'slow'>, NodesOptions {
  check(report: NodesReport): void;
}

/** Creates a case that injects faults into a running server. */
export function nodeCase({ name, seconds, slow, check, ...options }: NodeCase): ProofCase {
  return {
    name,
    seconds,
    slow,
    alone: true,
    async run() {
      const report = await runNodes(options);
      check(report);
      return summaryOf(report);
    },
  };
}

/** A case in which the store or the way to it fails for a while. */
interface OutageCase extends Pick<NodeCase, 'name' | 'check'> {
  outage(stage: NodesStage): Promise<void>;
}

/** Creates a case with an outage, and with traffic before and after it. */
export function outageCase({ name, check, outage }: OutageCase): ProofCase {
  return nodeCase({
    name,
    seconds: 120,
    slow: true,
    check,
    async injectFaults(stage) {
      await setTimeout(1_000);
      await outage(stage);
      await setTimeout(4_000);
    },
  });
}

/** Resolves once each of the nodes reports this state of its connection to Redis. */
export async function whenBackplane(state: 'up' | 'down', nodes: NodesStage['nodes']): Promise<void> {
  while (nodes.some(({ report }) => report.status.backplane !== state)) await setTimeout(20);
}

function summaryOf({ sent, refused, own, raw }: NodesReport): string {
  const { done, nodeLost, failed } = own.calls;
  const others = Object.values(failed).reduce((sum, count) => sum + count, 0);
  return [
    `${own.delivered + raw.delivered} delivered of ${sent} numbers`,
    `${refused} refused`,
    `own client: ${own.gaps} gaps, ${own.lostInside} lost inside of them, calls ${done} done, ${nodeLost} node_lost, ${others} other errors`,
    `SDK's client: ${raw.stuck} stuck, calls ${raw.calls.done} done, ${raw.calls.nodeLost} node_lost`,
  ].join('; ');
}
