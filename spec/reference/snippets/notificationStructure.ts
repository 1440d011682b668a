// mcp-use, Notifications page, "Notification Structure". Unmodified, with the type that it must match.

interface Notification {
  method: string;           // The notification method name
  params?: Record<string, any>;  // Optional parameters
}

export const fits = (notification: import("rx-mcp").Notification): Notification => notification;
