/**
 * What a server may remember of its events; one kind is drawn each time that it is started. Not the SDK's example store, which
 * replays the events of one millisecond in any order.
 */
export const stores = ['none', 'correct', 'inclusive'] as const;
