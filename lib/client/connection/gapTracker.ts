import type { Gap } from '../../notification/hub';

/** A gap that has not ended. */
export type Hole = Omit<Gap, 'until'>;
