import { Observable, ReplaySubject, VirtualTimeScheduler } from 'rxjs';
import type { StreamState } from '../../../../lib/client/connection/connection';
import { GapTracker } from '../../../../lib/client/connection/gapTracker';
import { type BackoffOptions, backoffPolicy } from '../../../../lib/client/connection/retry/backoff';
import type { StreamHealth } from '../../../../lib/client/http/sse/streamWatchdog';
import { Listener, type ListenOptions } from '../../../../lib/client/wire/http/listener';
import {
  ConnectionFailedError,
  ConnectionLostError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../../lib/errors';
import { createHub, type Gap } from '../../../../lib/notification/hub';
import { streamPanel } from './streamPanel';

/** The time in which the end of a dropped stream arrives, in milliseconds. */
const notice = 250;
const connectionLost = (uptime = 0): Error => new ConnectionLostError('lost', { uptime });
const refused = (status?: number): Error => new ConnectionFailedError(`refused with ${status}`, { status });

/** The state of a session when it starts to listen. */
interface Setting {
  policy?: BackoffOptions;
  isReconnection?: boolean;
  isInitialized?: boolean;
  hasSession?: boolean;
  shortStreams?: number;
  isOnDemand?: boolean;
}

/** Listens in virtual time, on streams that the spec controls. */
function listening({
  policy = { initialDelay: 100, maxDelay: 400, jitter: 'none' },
  isReconnection = false,
  isInitialized = true,
  hasSession = true,
  shortStreams = 0,
  isOnDemand = false,
}: Setting = {}) {
  const scheduler = new VirtualTimeScheduler();
  const hub = createHub();
  const health: StreamHealth = { lastLiveAt: 0 };
  const gap = new GapTracker(hub, scheduler);
  const panel = streamPanel();
  const initialized$ = new ReplaySubject<void>(1);
  const memory = { shortStreams };
  const states: unknown[] = [];
  const gaps: Gap[] = [];
  const reported: string[] = [];
  const ends: unknown[] = [];
  const received: unknown[] = [];
  let hasInitialized = false;
  initialized$.subscribe(() => (hasInitialized = true));
  if (isInitialized) initialized$.next();
  hub.gaps$.subscribe((each) => gaps.push(each));
  hub.errors$.subscribe((error) => reported.push(error.message));
  const options: ListenOptions = {
    open$: panel.open$,
    onEvents: (events) => events.forEach(({ id }) => received.push(id)),
    policy: () => backoffPolicy({ scheduler, ...policy }, true),
    openGraceMs: 1_000,
    get isInitialized() {
      return hasInitialized;
    },
    initialized$,
    endpoint: { isAlive: () => Promise.resolve(false), hasSession },
    isReconnection,
    isOnDemand,
    memory,
    gap,
    health,
    report: hub.report,
    scheduler,
  };
  const subscription = new Observable<StreamState>((subscriber) => {
    new Listener(options, subscriber).listen();
  }).subscribe({ next: (state) => states.push(state), error: (error: unknown) => ends.push(error) });
  /** Advances virtual time. */
  const wait = (ms: number): void => {
    // Frames are absolute, so they continue from the current time.
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return {
    panel,
    states,
    gaps,
    gap,
    reported,
    ends,
    received,
    subscription,
    wait,
    health,
    scheduler,
    get isInitialized() {
      return hasInitialized;
    },
    initialized$,
    memory,
  };
}

const open = { listening: true };
const openedLate = { listening: true, isLate: true };

describe('Listener', () => {
  it('emits listening: true when the stream is open, and receives its messages', () => {
    const { panel, states, received, gaps } = listening();
    expect(states).toEqual([]);

    panel.last.accept();
    panel.last.send('1');
    panel.last.send('2');

    expect(states).toEqual([open]);
    expect(received).toEqual(['1', '2']);
    expect(gaps).toEqual([]);
  });

  it('repeats a GET that was rejected before notifications/initialized', () => {
    const { panel, states, reported, gaps, initialized$ } = listening({ isInitialized: false });

    panel.last.fail(refused(400));
    expect({ states, requests: panel.requests.length }).toEqual({ states: [], requests: 1 });
    initialized$.next();
    panel.last.accept();

    expect({ states, requests: panel.requests.length, reported, gaps }).toEqual({
      states: [open],
      requests: 2,
      reported: [],
      gaps: [],
    });
  });

  it('emits a gap since the last event if the server has lost its events, although it kept the stream alive', () => {
    const { panel, gaps, health, wait } = listening();
    panel.last.accept();
    health.lastLiveAt = 100;
    panel.last.send('7');
    health.lastLiveAt = 5_000;
    wait(5_000);

    panel.last.fail(connectionLost());
    wait(100);
    panel.last.fail(refused(400));
    panel.last.accept();

    expect(gaps).toMatchObject([{ since: 100 }]);
  });

  describe('when the first stream opens late', () => {
    it('emits listening: false after a second, and no gap', () => {
      const { panel, states, gaps, wait, reported } = listening();

      wait(999);
      expect(states).toEqual([]);
      wait(1);
      expect(states).toEqual([{ listening: false, since: 0 }]);
      wait(4000);
      panel.last.accept();

      expect(states.slice(1)).toEqual([openedLate]);
      expect({ gaps, reported }).toEqual({ gaps: [], reported: [] });
    });

    it('emits a gap on a reconnection', () => {
      const { panel, states, gaps, wait } = listening({ isReconnection: true });

      wait(5000);
      panel.last.accept();

      expect(gaps).toMatchObject([{ since: 0, until: 5000, cause: { name: 'ConnectionFailedError' } }]);
      expect(states.slice(1)).toEqual([open]);
    });

    it('always counts as late if it is opened on demand, but not when it is reopened', () => {
      const { panel, states, gaps, wait } = listening({ isOnDemand: true });

      panel.last.accept();
      panel.last.fail(connectionLost());
      wait(0);
      panel.last.accept();

      expect(states).toEqual([openedLate, { listening: false, since: 0, retry: undefined }, open]);
      expect(gaps).toHaveLength(1);
    });

    it('reports the server error of the rejection', () => {
      const { panel, states, wait, reported, gaps } = listening();

      panel.last.fail(refused(503));
      wait(0);
      panel.last.accept();

      expect(states).toEqual([{ listening: false, since: 0 }, openedLate]);
      expect({ reported, gaps }).toEqual({ reported: ['refused with 503'], gaps: [] });
    });
  });

  describe('when the stream drops', () => {
    it('reopens it immediately, with the time since when it was not live', () => {
      const { panel, states, gaps, wait, health, reported } = listening();
      panel.last.accept();
      wait(500);
      health.lastLiveAt = 300;

      panel.last.fail(connectionLost());
      wait(0);
      expect(panel.requests).toHaveLength(2);
      panel.last.accept();

      expect(states).toEqual([open, { listening: false, since: 300, retry: undefined }, open]);
      expect(gaps).toMatchObject([{ since: 300, until: 500, cause: { name: 'ConnectionLostError' } }]);
      expect(reported).toEqual([]);
    });

    it('emits the next attempt when that fails, and reports once', () => {
      const { panel, states, wait, reported } = listening();
      panel.last.accept();
      panel.last.fail(connectionLost());
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

    it('reports each outage separately', () => {
      const { panel, wait, reported } = listening();
      panel.last.accept();
      for (let outage = 0; outage < 2; outage++) {
        panel.last.fail(connectionLost(10_000));
        wait(0);
        panel.last.fail(refused(409));
        wait(1000);
        panel.last.accept();
      }

      expect(reported).toEqual(['refused with 409', 'refused with 409']);
    });

    it('retries any status of a server that had a stream, then starts a new session', () => {
      const { panel, ends, wait } = listening();
      panel.last.accept();
      panel.last.fail(connectionLost());
      wait(0);

      for (const status of [404, 405, 406, 500, 404]) {
        panel.last.fail(refused(status));
        wait(400);
      }
      expect(ends).toEqual([]);
      panel.last.accept();

      // After a rejected attempt, nothing proves that the server is still the same one.
      expect(ends).toMatchObject([{ name: 'SessionExpiredError', retryable: true }]);
    });

    it('keeps the session after conflicts, because the server knows it', () => {
      const { panel, ends, wait, states } = listening();
      panel.last.accept();
      panel.last.fail(connectionLost());
      wait(0);

      panel.last.fail(refused(409));
      wait(400);
      panel.last.accept();

      expect(ends).toEqual([]);
      expect(states.at(-1)).toEqual(open);
    });

    it('starts a new session if the server gave no session id', () => {
      const { panel, ends, health } = listening({ hasSession: false });
      panel.last.accept();
      health.lastLiveAt = 40;
      const cause = connectionLost();

      panel.last.fail(cause);

      expect(ends).toMatchObject([{ name: 'SessionExpiredError', cause }]);
      expect(panel.requests).toHaveLength(1);
    });

    it('works without a stream if streams without a session repeatedly end immediately', () => {
      const { panel, ends, states, wait, reported } = listening({ hasSession: false, shortStreams: 2 });
      panel.last.accept();

      panel.last.fail(connectionLost());
      wait(4_999);
      expect({ ends, requests: panel.requests.length, reported }).toEqual({
        ends: [],
        requests: 1,
        reported: ['lost'],
      });
      expect(states.at(-1)).toEqual({ listening: false, since: 0, unavailable: true });
      wait(1);

      expect(panel.requests).toHaveLength(2);
    });

    it('forgets short streams after a stable one', () => {
      const { panel, memory, wait } = listening({ hasSession: false, shortStreams: 2 });
      panel.last.accept();
      wait(5_000);

      panel.last.fail(connectionLost());

      expect(memory.shortStreams).toBe(0);
    });

    it('gives up with the policy', () => {
      const { panel, ends, wait } = listening({ policy: { initialDelay: 1, jitter: 'none', maxRetries: 2 } });
      panel.last.accept();
      panel.last.fail(connectionLost());
      wait(1);
      panel.last.fail(connectionLost());
      wait(10);
      const last = refused(503);
      panel.last.fail(last);

      expect(ends).toEqual([last]);
    });
  });

  describe('with the id of an event', () => {
    /** Listens on a stream that dropped after event 7 and was requested again. */
    function dropped() {
      const all = listening();
      all.panel.last.accept();
      all.panel.last.send('6');
      all.panel.last.send('7');
      all.health.lastLiveAt = 50;
      all.panel.last.fail(connectionLost());
      all.wait(0);
      return { ...all, resumed: all.panel.last };
    }

    it('resumes after it, and emits no gap once completeness is proven', () => {
      const { panel, gaps, states, resumed } = dropped();
      expect(resumed.lastEventId).toBe('7');

      resumed.accept();
      panel.last.fail(refused(409));

      expect(gaps).toEqual([]);
      expect(states.at(-1)).toEqual(open);
    });

    it('emits a gap otherwise', () => {
      const { panel, gaps, resumed, wait } = dropped();
      resumed.accept();
      panel.last.accept();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50 }]);
    });

    it('emits the gap later if the proof turns out to be wrong', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.accept();
      panel.last.fail(refused(409));
      wait(1_000);
      panel.last.accept();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 1_000 + notice }]);
    });

    it('emits a gap from the first drop if the stream dropped again before that', () => {
      const { panel, gaps, gap, states, health, wait, resumed } = dropped();
      resumed.accept();
      panel.last.fail(refused(409));
      expect(gap.since).toBe(50);

      // The received bytes are keep-alives, which a server may send on an otherwise silent stream.
      health.lastLiveAt = 400;
      panel.requests.at(-2)!.fail(connectionLost());
      expect(states.at(-1)).toMatchObject({ listening: false, since: 50 });
      wait(400);
      panel.last.accept();
      panel.last.accept();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 400 + notice }]);
      expect(gap.since).toBeUndefined();
    });

    it('treats early messages as a replay, which does not prove completeness', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.accept();
      panel.last.fail(refused(409));
      panel.requests.at(-2)!.send('8');
      wait(1_000);
      panel.last.accept();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 50, until: 1_000 + notice }]);
    });

    it('treats later messages as proof, and begins later gaps there', () => {
      const { panel, gaps, gap, health, wait, resumed } = dropped();
      resumed.accept();
      panel.last.fail(refused(409));
      wait(10_000);
      resumed.send('8');
      expect(gap.since).toBe(10_000);

      health.lastLiveAt = 10_400;
      resumed.fail(connectionLost());
      wait(400);
      panel.last.accept();
      panel.last.accept();
      wait(notice);

      expect(gaps).toMatchObject([{ since: 10_000 }]);
    });

    it('keeps it through attempts without messages', () => {
      const { panel, wait, resumed } = dropped();
      resumed.fail(refused(503));
      wait(400);
      panel.last.accept();
      const second = panel.last;
      panel.requests.at(-2)!.fail(connectionLost());
      wait(400);

      expect(second.lastEventId).toBeUndefined();
      expect(panel.last.lastEventId).toBe('7');
    });

    it('opens a new stream and forgets it if the server does not know it', () => {
      const { panel, gaps, wait, resumed } = dropped();
      resumed.fail(refused(400));
      expect(panel.last.lastEventId).toBeUndefined();
      panel.last.accept();
      panel.last.fail(connectionLost());
      wait(400);

      expect(gaps).toHaveLength(1);
      expect(panel.last.lastEventId).toBeUndefined();
    });
  });

  it('ends the session if the server keeps holding the old stream', () => {
    const { panel, ends, wait, states } = listening();
    panel.last.accept();
    panel.last.fail(connectionLost());
    wait(0);

    let attempts = 0;
    while (ends.length === 0 && attempts < 1000) {
      panel.last.fail(refused(409));
      wait(400);
      attempts++;
    }

    expect(ends).toMatchObject([{ name: 'ConnectionLostError', retryable: true }]);
    expect(states.at(-1)).toMatchObject({ listening: false, retry: { error: { status: 409 } } });
    // Requested for longer than ten seconds, and not at all afterwards.
    expect(attempts).toBe(27);
  });

  it('starts over if the server responds differently in between', () => {
    const { panel, ends, wait } = listening();
    panel.last.accept();
    panel.last.fail(connectionLost());
    wait(0);

    for (let attempts = 1; attempts <= 100; attempts++) {
      panel.last.fail(refused(attempts % 20 === 0 ? 503 : 409));
      wait(400);
    }

    expect(ends).toEqual([]);
  });

  it.each([new SessionExpiredError('expired'), new UnauthorizedError('unauthorized')])(
    'errors with an error that ends the session: %s',
    (error) => {
      const { panel, ends, reported } = listening();
      panel.last.accept();
      panel.last.fail(error);

      expect(ends).toEqual([error]);
      expect(reported).toEqual([]);
    },
  );

  describe('without a stream from the start', () => {
    it.each([
      [405, []],
      [404, ['refused with 404']],
      [204, ['refused with 204']],
      [200, ['refused with 200']],
    ])('emits once that there is none, and retries with growing delays up to five minutes (%d)', (status, words) => {
      const { panel, states, ends, reported, scheduler, wait, gaps } = listening();
      const delays: number[] = [];

      for (let rejections = 0; rejections < (status === 405 ? 1 : 8); rejections++) {
        const requests = panel.requests.length;
        const rejectedAt = scheduler.now();
        panel.last.fail(refused(status));
        for (let seconds = 0; seconds < 400 && panel.requests.length === requests; seconds++) wait(1_000);
        delays.push(scheduler.now() - rejectedAt);
      }

      expect(states).toEqual([{ listening: false, since: 0, unavailable: true }]);
      expect({ ends, reported, gaps }).toEqual({ ends: [], reported: words, gaps: [] });
      expect(delays).toEqual(
        status === 405 ? [400_000] : [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000],
      );
      expect(panel.requests).toHaveLength(status === 405 ? 1 : 9);
    });

    it.each([401, 403])('works if only the GET is rejected (%d)', (status) => {
      const { panel, states, ends, reported } = listening();

      panel.last.fail(new UnauthorizedError('rejected', { status }));

      expect(states).toEqual([{ listening: false, since: 0, unavailable: true }]);
      expect({ ends, reported }).toEqual({ ends: [], reported: ['rejected'] });
    });

    it('treats repeated server errors as a missing stream, and reports them once', () => {
      const { panel, states, reported, wait } = listening();

      for (let times = 0; times < 3; times++) {
        panel.last.fail(refused(502));
        wait(400);
      }
      wait(4_000);

      expect(panel.requests).toHaveLength(3);
      expect(states.at(-1)).toEqual({ listening: false, since: 0, unavailable: true });
      expect(reported).toEqual(['refused with 502']);
    });

    it('listens once the server has one', () => {
      const { panel, states, wait } = listening();
      panel.last.fail(refused(404));
      wait(5_000);

      panel.last.accept();

      expect(states.at(-1)).toEqual(openedLate);
    });
  });

  it('leaves no stream and no timer behind', () => {
    const { panel, subscription, scheduler } = listening();
    panel.last.accept();
    panel.last.fail(connectionLost());

    subscription.unsubscribe();
    scheduler.flush();

    expect(panel.requests.map(({ isOpen }) => isOpen)).toEqual([false]);
    expect(scheduler.now()).toBe(0);
  });
});
