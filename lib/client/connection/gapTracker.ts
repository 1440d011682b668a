import type { Gap } from '../../notification/hub';

/** A gap that is still open. */
export type OpenGap = Omit<Gap, 'until'>;
