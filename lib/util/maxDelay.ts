/** The longest time that a timer can wait, in milliseconds: given a longer one, platforms do not wait at all. */
export const maxTimerDelay = 2 ** 31 - 1;
