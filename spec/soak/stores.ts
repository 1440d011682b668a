/** What a server may remember of its events; one kind is drawn each time that it is started. */
export const stores = ['none', 'correct', 'example', 'inclusive'] as const;
