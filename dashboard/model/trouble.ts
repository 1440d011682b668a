import { cut, readable } from './text';

/** An error or a gap of a server. */
export interface Trouble {
  readonly kind: 'error' | 'gap';
  readonly name: string;
  readonly text: string;
}

const maxTextLength = 400;

export const errorTrouble = ({ name, message }: { name: string; message: string }): Trouble => ({
  kind: 'error',
  name: cut(name, 100),
  text: cut(readable(message), maxTextLength),
});

/**
 * Creates the entry of a gap.
 *
 * @param cause - the reason for the gap, if known.
 */
export const gapTrouble = (since: number, until: number, cause?: { message: string }): Trouble => ({
  kind: 'gap',
  name: 'Gap',
  text: cut(
    `notifications of ${((until - since) / 1000).toFixed(1)} s may have been missed${cause ? `: ${readable(cause.message)}` : ''}`,
    maxTextLength,
  ),
});
