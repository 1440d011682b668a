// mcp-use, Notifications page, "Notification Structure". As it is there, and what it is to fit.

interface Notification {
  method: string;           // The notification method name
  params?: Record<string, any>;  // Optional parameters
}

export const fits = (notification: import("rx-mcp").Notification): Notification => notification;
