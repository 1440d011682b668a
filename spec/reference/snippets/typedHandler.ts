// mcp-use, Notifications page, "TypeScript Types". Unmodified, except for the import. The session is that of "Receiving
// Notifications".
declare const session: import("rx-mcp").MCPSession;

import { MCPClient, Notification, NotificationHandler } from "rx-mcp";

// Type-safe handler
const handler: NotificationHandler = async (notification: Notification) => {
  // notification.method is string
  // notification.params is Record<string, any> | undefined
};

session.on("notification", handler);
