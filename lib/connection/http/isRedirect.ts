/** Whether a server says that what is asked for is elsewhere; a browser does not show where. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}
