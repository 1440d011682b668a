import { VirtualTimeScheduler } from 'rxjs';
import { type BackoffOptions, backoffPolicy } from '../../../lib/client/connection/retry/backoff';
import type { OpenGap } from '../../../lib/client/connection/gapTracker';
import { listen$ } from '../../../lib/connection/http/listen';
import type { StreamHealth } from '../../../lib/client/http/sse/watchdog';
import {
  ConnectionFailedError,
  ConnectionLostError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../lib/errors';
import { createHub, type Gap } from '../../../lib/notification/hub';
import { streamPanel } from './streamPanel';

/** Milliseconds in which a stream that has dropped says so. */
const notice = 250;
const lost = (uptime = 0): Error => new ConnectionLostError('lost', { uptime });
const refused = (status?: number): Error => new ConnectionFailedError(`refused with ${status}`, { status });

/** Listens in virtual time, on streams that do what the spec says. */
function listening(policy: BackoffOptions = { initialDelay: 100, maxDelay: 400, jitter: 'none' }, hole?: OpenGap) {
  const scheduler = new VirtualTimeScheduler();
  const hub = createHub();
  const pulse: StreamHealth = { lastHeardAt: 0, openGap: hole };
  const panel = streamPanel();
  const states: unknown[] = [];
  const gaps: Gap[] = [];
  const reported: string[] = [];
  const ends: unknown[] = [];
  const taken: unknown[] = [];
  hub.gaps$.subscribe((gap) => gaps.push(gap));
  hub.errors$.subscribe((error) => reported.push(error.message));
  const subscription = listen$({
    open$: panel.open$,
    take: ({ id }) => taken.push(id),
    waits: () => backoffPolicy({ scheduler, ...policy }, true),
    hub,
    pulse,
    scheduler,
  }).subscribe({ next: (state) => states.push(state), error: (error: unknown) => ends.push(error) });
  /** Lets this much time go by. */
  const wait = (ms: number): void => {
    // Frames are absolute, and so are kept at the time that was reached.
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return { panel, states, gaps, reported, ends, taken, subscription, wait, pulse, scheduler };
}

const open = { listening: true };

describe('listen$', () => {
  it('tells as a gap what was missed before it began', () => {
    const missed = { since: -300, cause: refused(400) };
    const { panel, states, gaps, wait } = listening(undefined, { ...missed });

    wait(200);
    panel.last.agree();

    expect(states).toEqual([open]);
    expect(gaps).toEqual([{ ...missed, until: 200 }]);
  });

  it('takes into account how late a stream was before it began', () => {
    const { states, wait } = listening(undefined, { since: -900, cause: refused() });

    wait(99);
    expect(states).toEqual([]);
    wait(1);

    expect(states).toEqual([{ listening: false, since: -900 }]);
  });

  it('says that it listens when the stream is open, and takes what comes on it', () => {
    const { panel, states, taken, gaps } = listening();
    expect(states).toEqual([]);

    panel.last.agree();
    panel.last.send('1');
    panel.last.send('2');

    expect(states).toEqual([open]);
    expect(taken).toEqual(['1', '2']);
    expect(gaps).toEqual([]);
  });

  it('opens nothing before it is subscribed to', () => {
    const panel = streamPanel();
    const scheduler = new VirtualTimeScheduler();
    listen$({
      open$: panel.open$,
      take: () => undefined,
      waits: () => backoffPolicy({}),
      hub: createHub(),
      pulse: { lastHeardAt: 0 },
      scheduler,
    });

    expect(panel.asked).toEqual([]);
  });

  describe('when the stream opens late', () => {
    it('says after a second that it does not listen, and tells what was missed until it does', () => {
      const { panel, states, gaps, wait, reported } = listening();

      wait(999);
      expect(states).toEqual([]);
      wait(1);
      expect(states).toEqual([{ listening: false, since: 0 }]);
      wait(4000);
      panel.last.agree();

      expect(states.slice(1)).toEqual([open]);
      expect(gaps).toMatchObject([{ since: 0, until: 5000, cause: { name: 'ConnectionFailedError' } }]);
      expect(reported).toEqual([]);
    });

    it('because it was refused at first, tells that, and what was missed', () => {
      const { panel, states, gaps, wait, reported } = listening();

      panel.last.fail(refused(503));
      wait(0);
      panel.last.agree();

      expect(states).toEqual([{ listening: false, since: 0, retry: undefined }, open]);
      expect(reported).toEqual(['refused with 503']);
      expect(gaps).toMatchObject([{ since: 0, until: 0, cause: { status: 503 } }]);
    });
  });

  describe('when the stream drops', () => {
    it('opens it again at once, and tells from when on it was not heard', () => {
      const { panel, states, gaps, wait, pulse, reported } = listening();
      panel.last.agree();
      wait(500);
      pulse.lastHeardAt = 300;

      panel.last.fail(lost());
      wait(0);
      expect(panel.asked).toHaveLength(2);
      panel.last.agree();

      expect(states).toEqual([open, { listening: false, since: 300, retry: undefined }, open]);
      expect(gaps).toMatchObject([{ since: 300, until: 500, cause: { name: 'ConnectionLostError' } }]);
      expect(reported).toEqual([]);
    });

    it('says when it will try again, when that fails, and reports it once', () => {
      const { panel, states, wait, reported } = listening();
      panel.last.agree();
      panel.last.fail(lost());
      wait(0);

      for (const delay of [100, 200, 400]) {
        panel.last.fail(refused());
        wait(delay);
      }
      panel.last.fail(refused(503));

      const error: unknown = expect.any(ConnectionFailedError);
      expect(states.slice(2)).toEqual([
        { listening: false, since: 0, retry: { attempt: 1, delay: 100, error } },
        { listening: false, since: 0, retry: { attempt: 2, delay: 200, error } },
        { listening: false, since: 0, retry: { attempt: 3, delay: 400, error } },
        { listening: false, since: 0, retry: { attempt: 4, delay: 400, error } },
      ]);
      expect(reported).toEqual(['refused with undefined']);
    });

    it('reports each outage by itself', () => {
      const { panel, wait, reported } = listening();
      panel.last.agree();
      for (const status of [502, 503]) {
        panel.last.fail(lost(10_000));
        wait(0);
        panel.last.fail(refused(status));
        wait(1000);
        panel.last.agree();
      }

      expect(reported).toEqual(['refused with 502', 'refused with 503']);
    });

    it('goes on for ever, whatever a server that had a stream says of it', () => {
      const { panel, ends, wait, states } = listening();
      panel.last.agree();
      panel.last.fail(lost());
      wait(0);

      for (const status of [404, 405, 406, 500, 404]) {
        panel.last.fail(refused(status));
        wait(400);
      }
      panel.last.agree();

      expect(ends).toEqual([]);
      expect(states.at(-1)).toEqual(open);
    });

    it('gives up when the policy does', () => {
      const { panel, ends, wait } = listening({ initialDelay: 1, jitter: 'none', maxRetries: 2 });
      panel.last.agree();
      panel.last.fail(lost());
      wait(1);
      panel.last.fail(lost());
      wait(10);
      const last = refused(503);
      panel.last.fail(last);

      expect(ends).toEqual([last]);
    });
  });

  describe('with the id of an event', () => {
    /** Listens on a stream that dropped after event 7, and was asked for again. */
    function dropped() {
      const all = listening();
      all.panel.last.agree();
      all.panel.last.send('6');
      all.panel.last.send('7');
      all.pulse.lastHeardAt = 50;
      all.panel.last.fail(lost());
      all.wait(0);
      return { ...all, resumed: all.panel.last };
    }

    it('asks for what came after it, and tells no gap when that is proven', () => {
      const { panel, gaps, states, resumed } = dropped();
      expect(resumed.lastEventId).toBe('7');

      resumed.agree();
      panel.last.fail(refused(409));

      expect(gaps).toEqual([]);
      expect(states.at(-1)).toEqual(open);
    });

    it('tells a gap when it is not', () => {
      const { panel, gaps, resumed, wait } = dropped();
      resumed.agree();
      panel.last.agree();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50 }]);
    });

    it('tells the gap later on, when what was proven turns out to be wrong', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.agree();
      panel.last.fail(refused(409));
      wait(1_000);
      panel.last.agree();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 1_000 + notice }]);
    });

    it('tells it from the first drop on, when the stream dropped again before that turned out', () => {
      const { panel, gaps, states, pulse, wait, resumed } = dropped();
      resumed.agree();
      panel.last.fail(refused(409));
      expect(pulse.openGap).toMatchObject({ since: 50 });

      // What is heard are keep-alives, which the server may send on a stream on which it says nothing else.
      pulse.lastHeardAt = 400;
      panel.asked.at(-2)!.fail(lost());
      expect(states.at(-1)).toMatchObject({ listening: false, since: 50 });
      wait(400);
      panel.last.agree();
      panel.last.agree();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 400 + notice }]);
      expect(pulse.openGap).toBeUndefined();
    });

    it('takes what comes soon for a replay, which is no proof', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.agree();
      panel.last.fail(refused(409));
      panel.asked.at(-2)!.send('8');
      wait(1_000);
      panel.last.agree();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 1_000 + notice }]);
    });

    it('takes what comes later on for proof, and tells a gap after that when there is one', () => {
      const { panel, gaps, pulse, wait, resumed } = dropped();
      resumed.agree();
      panel.last.fail(refused(409));
      wait(10_000);
      resumed.send('8');
      expect(pulse.openGap).toMatchObject({ since: 10_000 });

      pulse.lastHeardAt = 10_400;
      resumed.fail(lost());
      wait(400);
      panel.last.agree();
      panel.last.agree();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 10_000 }]);
    });

    it('remembers it through attempts that bring nothing', () => {
      const { panel, wait, resumed } = dropped();
      resumed.fail(refused(503));
      wait(400);
      panel.last.agree();
      const besides = panel.last;
      panel.asked.at(-2)!.fail(lost());
      wait(400);

      expect(besides.lastEventId).toBeUndefined();
      expect(panel.last.lastEventId).toBe('7');
    });

    it('asks for a fresh stream when the server can do nothing with it, and forgets it', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.fail(refused(400));
      expect(panel.last.lastEventId).toBeUndefined();
      panel.last.agree();
      panel.last.fail(lost());
      wait(400);

      expect(gaps).toHaveLength(1);
      expect(panel.last.lastEventId).toBeUndefined();
    });
  });

  it('gives the session up when the server holds on to a stream that is gone', () => {
    const { panel, ends, wait, states } = listening();
    panel.last.agree();
    panel.last.fail(lost());
    wait(0);

    let asks = 0;
    while (ends.length === 0 && asks < 1000) {
      panel.last.fail(refused(409));
      wait(400);
      asks++;
    }

    expect(ends).toMatchObject([{ name: 'ConnectionLostError', retryable: true }]);
    expect(states.at(-1)).toMatchObject({ listening: false, retry: { error: { status: 409 } } });
    // Asked for longer than ten seconds, and not at all after.
    expect(asks).toBe(27);
  });

  it('starts that over when the server says something else in between', () => {
    const { panel, ends, wait } = listening();
    panel.last.agree();
    panel.last.fail(lost());
    wait(0);

    for (let asks = 1; asks <= 100; asks++) {
      panel.last.fail(refused(asks % 20 === 0 ? 503 : 409));
      wait(400);
    }

    expect(ends).toEqual([]);
  });

  it.each([new SessionExpiredError('expired'), new UnauthorizedError('unauthorized')])(
    'ends with what ends the session: %s',
    (error) => {
      const { panel, ends, reported } = listening();
      panel.last.agree();
      panel.last.fail(error);

      expect(ends).toEqual([error]);
      expect(reported).toEqual([]);
    },
  );

  it.each([
    [405, []],
    [404, ['refused with 404']],
  ])('does without where the server has no stream (%d), and says so once', (status, words) => {
    const { panel, states, ends, reported, wait, gaps } = listening();

    panel.last.fail(refused(status));
    wait(100_000);

    expect(states).toEqual([{ listening: false, since: 0 }]);
    expect({ ends, reported, gaps, asked: panel.asked.length }).toEqual({
      ends: [],
      reported: words,
      gaps: [],
      asked: 1,
    });
  });

  it('leaves no stream and no timer behind', () => {
    const { panel, subscription, scheduler } = listening();
    panel.last.agree();
    panel.last.fail(lost());

    subscription.unsubscribe();
    scheduler.flush();

    expect(panel.asked.map(({ isWanted }) => isWanted)).toEqual([false]);
    expect(scheduler.now()).toBe(0);
  });
});
