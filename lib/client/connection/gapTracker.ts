import type { Gap } from '../../notification/hub';

/** A gap that has not ended. */
export type OpenGap = Omit<Gap, 'until'>;
