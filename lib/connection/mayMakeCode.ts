/** Whether text may become code here: the content security policy of a page, or an edge runtime, may forbid it. */
export function mayMakeCode(): boolean {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- nothing but trying tells; it is not called
    new Function('');
    return true;
  } catch {
    return false;
  }
}
