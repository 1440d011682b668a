/** The maximum delay of a timer, in milliseconds. Platforms replace a longer delay with 1 ms. */
export const maxTimerDelay = 2 ** 31 - 1;
