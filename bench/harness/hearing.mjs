/** A handler, and a promise of the next time that it is called. */
export function hearing() {
  let heard = () => undefined;
  return {
    handler: () => heard(),
    next: () =>
      new Promise((resolve) => {
        heard = resolve;
      }),
  };
}
