import { VirtualTimeScheduler } from 'rxjs';
import { resume$ } from '../../../../lib/client/wire/http/resumableStream';
import {
  ConnectionFailedError,
  ConnectionLostError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../../lib/errors';
import { streamPanel } from './streamPanel';

const conflict = new ConnectionFailedError('one is open', { status: 409 });
/** The time in which the end of a dropped stream arrives, in milliseconds. */
const notice = 250;
const connectionLost = new ConnectionLostError('lost');

/** Resumes after event 7. */
function resuming(probes = { replacements: 0 }) {
  const scheduler = new VirtualTimeScheduler();
  const panel = streamPanel();
  const seen: string[] = [];
  const handler = {
    onOpen: () => seen.push('opened'),
    onVerified: (isComplete: boolean) => seen.push(isComplete ? 'complete' : 'incomplete'),
  };
  const { open$ } = panel;
  const subscription = resume$('7', handler, probes, { open$, scheduler }).subscribe({
    next: (events) => events.forEach(({ id }) => seen.push(`event ${id}`)),
    error: (error: unknown) => seen.push(String(error)),
    complete: () => seen.push('complete'),
  });
  const wait = (ms: number): void => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return { scheduler, panel, seen, subscription, wait };
}

describe('resume$', () => {
  it('resumes after the last event, and sends nothing else until the server accepts', () => {
    const { panel, seen } = resuming();

    expect(panel.requests.map(({ lastEventId }) => lastEventId)).toEqual(['7']);
    panel.last.accept();
    expect(panel.requests.map(({ lastEventId }) => lastEventId)).toEqual(['7', undefined]);
    expect(seen).toEqual(['opened']);
  });

  it('considers the stream complete if the server rejects a second one with a conflict', () => {
    const { panel, seen } = resuming();
    const [resumed] = panel.requests;
    resumed!.accept();
    resumed!.send('8');

    panel.last.fail(conflict);
    resumed!.send('9');

    expect(seen).toEqual(['opened', 'event 8', 'complete', 'event 9']);
  });

  it('considers it incomplete if the server opens a second one, and reads both', () => {
    const { panel, seen, wait } = resuming();
    const [resumed] = panel.requests;
    resumed!.accept();

    panel.last.accept();
    panel.last.send('9');
    wait(notice);
    resumed!.send('8');

    expect(seen).toEqual(['opened', 'incomplete', 'event 9', 'event 8']);
  });

  it('ignores a second stream that opened because the first one dropped', () => {
    const { panel, seen, wait } = resuming();
    const [resumed] = panel.requests;
    resumed!.accept();

    panel.last.accept();
    panel.last.send('9');
    wait(notice - 1);
    resumed!.fail(connectionLost);
    wait(notice);

    expect(seen).toEqual(['opened', 'ConnectionLostError: lost']);
    expect(panel.last.isOpen).toBe(false);
  });

  it('reads the second stream if opening one has ended the first one three times', () => {
    const probes = { replacements: 0 };
    const [first, second, third] = [0, 1, 2].map(() => {
      const { panel, seen } = resuming(probes);
      const [resumed] = panel.requests;
      resumed!.accept();
      panel.last.accept();
      resumed!.fail(connectionLost);
      panel.last.send('9');
      return seen;
    });

    expect(first).toEqual(['opened', 'ConnectionLostError: lost']);
    expect(second).toEqual(first);
    expect(third).toEqual(['opened', 'incomplete', 'event 9']);
  });

  it('counts only consecutive streams that ended when the second one opened', () => {
    const probes = { replacements: 2 };
    const { panel, wait } = resuming(probes);
    panel.last.accept();
    panel.last.accept();
    wait(notice);

    expect(probes.replacements).toBe(0);
  });

  it.each([400, 404, 405])('considers it incomplete if the probe is rejected with %d', (status) => {
    const { panel, seen } = resuming();
    panel.last.accept();

    panel.last.fail(new ConnectionFailedError('rejected', { status }));

    expect(seen).toEqual(['opened', 'incomplete']);
  });

  it('considers it incomplete if the probe is answered with a transient status three times', () => {
    const { panel, seen, wait } = resuming();
    panel.last.accept();

    panel.last.fail(new ConnectionFailedError('busy', { status: 503 }));
    wait(1_000);
    panel.last.fail(new ConnectionFailedError('busy', { status: 503 }));
    wait(1_000);
    expect(seen).toEqual(['opened']);
    panel.last.fail(new ConnectionFailedError('busy', { status: 503 }));

    expect(seen).toEqual(['opened', 'incomplete']);
  });

  it.each([
    ['a network failure', undefined],
    ['a server error', 500],
    ['an answer of a proxy without a server', 502],
    ['an answer of a node that is starting', 503],
    ['a timeout of a proxy', 504],
    ['a rate limit', 429],
  ])('repeats the probe after %s', (_, status) => {
    const { panel, seen, wait } = resuming();
    panel.last.accept();

    panel.last.fail(new ConnectionFailedError('failed', { status }));
    wait(1_000);
    panel.last.fail(conflict);

    expect(panel.requests).toHaveLength(3);
    expect(seen).toEqual(['opened', 'complete']);
  });

  it('repeats the probe with growing delays, and reports only a change', () => {
    const { panel, seen, scheduler } = resuming();
    panel.last.accept();
    const requestTimes: number[] = [];

    panel.last.fail(conflict);
    for (let doubts = 0; doubts < 11; doubts++) {
      const known = panel.requests.length;
      // Advance step by step, until the next request.
      for (let limit = scheduler.now(); panel.requests.length === known; limit += 1000) {
        scheduler.maxFrames = limit;
        scheduler.flush();
      }
      requestTimes.push(scheduler.now());
      panel.last.fail(conflict);
    }

    expect(requestTimes.map((at, index) => at - (requestTimes[index - 1] ?? 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
    ]);
    expect(seen).toEqual(['opened', 'complete']);
  });

  it('reports an incomplete stream if a rejected probe succeeds later', () => {
    const { panel, seen, wait } = resuming();
    panel.last.accept();
    panel.last.fail(conflict);

    wait(1_000);
    panel.last.accept();
    panel.last.send('10');
    wait(notice);

    expect(seen).toEqual(['opened', 'complete', 'incomplete', 'event 10']);
  });

  it('ends with the resumed stream if there is only one', () => {
    const { panel, seen } = resuming();
    const [resumed] = panel.requests;
    resumed!.accept();
    resumed!.fail(connectionLost);

    expect(seen).toEqual(['opened', 'ConnectionLostError: lost']);
    expect(panel.last.isOpen).toBe(false);
  });

  it('ends with the second stream once there is one', () => {
    const { panel, seen, wait } = resuming();
    const [resumed] = panel.requests;
    resumed!.accept();
    panel.last.accept();
    wait(notice);

    resumed!.fail(connectionLost);
    panel.last.send('9');
    panel.last.fail(new ConnectionLostError('lost, too'));

    expect(seen).toEqual(['opened', 'incomplete', 'event 9', 'ConnectionLostError: lost, too']);
  });

  it.each([new SessionExpiredError('expired'), new UnauthorizedError('unauthorized')])(
    'ends if there is nothing to resume: %s',
    (error) => {
      const { panel, seen } = resuming();
      panel.last.accept();
      panel.last.fail(error);

      expect(seen).toEqual(['opened', String(error)]);
      expect(panel.requests[0]!.isOpen).toBe(false);
    },
  );

  it('errors if the server rejects resuming', () => {
    const { panel, seen } = resuming();
    panel.last.fail(new ConnectionFailedError('unknown event', { status: 400 }));

    expect(seen).toEqual(['ConnectionFailedError: unknown event']);
  });

  it('leaves no stream and no timer behind', () => {
    const { panel, subscription, scheduler } = resuming();
    panel.last.accept();
    panel.last.fail(conflict);

    subscription.unsubscribe();
    scheduler.flush();

    expect(panel.requests.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    expect(scheduler.now()).toBe(0);
  });
});
