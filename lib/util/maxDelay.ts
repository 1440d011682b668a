/** The maximum delay of a timer, in milliseconds. JavaScript runtimes replace a longer delay with 1 ms. */
export const maxTimerDelay = 2 ** 31 - 1;
