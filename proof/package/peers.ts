/** The peer dependencies that the package is installed beside; there is a project for each in `fixtures/`. */
export const peers = {
  oldest: 'zod 3.25, SDK 1.26, RxJS 7.8.0',
  newest: 'zod 4, SDK 1.32 and 2.4, RxJS 7.8.2',
};
