import type { Gap } from '../../notification/gap';

/** A gap that has not ended. */
export type Hole = Omit<Gap, 'until'>;
