import { createFeed, type Feed } from '../model/feed';
import { feedEntry } from '../model/feedEntry';
import { entryOf } from './entryOf';

const idsIn = (feed: Feed) => Array.from({ length: feed.size }, (_, index) => feed.at(index)?.id);
const only = (method: string, ...hidden: string[]) => ({ method, hidden: new Set(hidden) });

describe('the feed', () => {
  it('holds a maximum of notifications and counts the dropped ones', () => {
    const feed = createFeed(3);

    for (let id = 1; id <= 5; id++) feed.append(entryOf(id));

    expect(idsIn(feed)).toEqual([3, 4, 5]);
    expect([feed.total, feed.dropped]).toEqual([3, 2]);
  });

  it('filters by a part of the method, ignoring case', () => {
    const feed = createFeed(10);
    feed.append(entryOf(1, 'notifications/tools/list_changed'));
    feed.append(entryOf(2));

    feed.filterBy(only(' TOOLS/'));
    feed.append(entryOf(3, 'notifications/tools/list_changed'));
    feed.append(entryOf(4));

    expect(idsIn(feed)).toEqual([1, 3]);
    expect(feed.total).toBe(4);
    feed.filterBy(only(''));
    expect(idsIn(feed)).toEqual([1, 2, 3, 4]);
  });

  it('filters by server', () => {
    const feed = createFeed(10);
    feed.append(entryOf(1));
    feed.append(entryOf(2, 'custom/tick', 'two'));

    feed.filterBy(only('', 'one'));

    expect(idsIn(feed)).toEqual([2]);
  });

  it('drops matching entries only when they are the oldest of all', () => {
    const feed = createFeed(2);
    feed.filterBy(only('rare'));
    feed.append(entryOf(1, 'rare'));
    feed.append(entryOf(2));

    expect([idsIn(feed), feed.dropped]).toEqual([[1], 0]);
    feed.append(entryOf(3));
    expect([idsIn(feed), feed.dropped]).toEqual([[], 1]);
    feed.append(entryOf(4));
    expect(feed.dropped).toBe(1);
  });

  it('does not change while paused, and catches up afterwards', () => {
    const feed = createFeed(10);
    feed.append(entryOf(1));

    feed.pause();
    feed.append(entryOf(2));
    feed.append(entryOf(3));
    expect([idsIn(feed), feed.held, feed.isPaused]).toEqual([[1], 2, true]);

    feed.resume();
    expect([idsIn(feed), feed.held, feed.isPaused]).toEqual([[1, 2, 3], 0, false]);
  });

  it('can be filtered while paused', () => {
    const feed = createFeed(10);
    feed.append(entryOf(1));
    feed.pause();
    feed.append(entryOf(2, 'rare'));

    feed.filterBy(only('rare'));
    expect(idsIn(feed)).toEqual([]);
    feed.resume();

    expect(idsIn(feed)).toEqual([2]);
  });

  it('limits the entries that it holds while paused', () => {
    const feed = createFeed(2);
    feed.pause();
    for (let id = 1; id <= 5; id++) feed.append(entryOf(id));
    expect(feed.held).toBe(5);

    feed.resume();

    expect(idsIn(feed)).toEqual([4, 5]);
  });

  it('is empty after it is cleared', () => {
    const feed = createFeed(2);
    for (let id = 1; id <= 3; id++) feed.append(entryOf(id));
    feed.pause();
    feed.append(entryOf(4));

    feed.clear();

    expect([feed.size, feed.total, feed.dropped, feed.held]).toEqual([0, 0, 0, 0]);
  });
});

describe('feed entries', () => {
  it('have a maximum length', () => {
    const { method, params } = entryOf(1, 'm'.repeat(10_000));

    expect(method).toHaveLength(201);
    expect(params).toBe('id: 1');
    const notification = { method: 'custom/long', params: { text: 'x'.repeat(10_000) } };
    expect(feedEntry(1, 0, { server: 'one', notification }).params).toHaveLength(301);
  });

  it('begin with progress', () => {
    const notification = { method: 'notifications/progress', params: { progressToken: 7, progress: 1 } };

    expect(feedEntry(1, 0, { server: 'one', notification }).params).toBe('progress: 1, progressToken: 7');
  });

  it('omit missing params', () => {
    expect(feedEntry(1, 0, { server: 'one', notification: { method: 'custom/bye' } }).params).toBe('');
  });
});
