const format = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Formats a time of day. `at` is in milliseconds since the epoch. */
export const clock = (at: number): string => format.format(at);
