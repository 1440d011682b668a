/** The cases that are known to fail, as `section: name`, and why. One that passes after all is a failure: take it out. */
export const expectedFailures: Readonly<Record<string, string>> = {};
