/** Runs `action` once a promise that is being rejected right now has told its own reaction, which takes a microtask. */
export function afterRejection(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}
