/** Thrown by a case that came to its end without having checked anything. */
export class NothingChecked extends Error {}
