// mcp-use, Notifications page, "TypeScript Types". As it is there, but for the import; the session is that of "Receiving Notifications".
declare const session: import("rx-mcp").MCPSession;

import { MCPClient, Notification, NotificationHandler } from "rx-mcp";

// Type-safe handler
const handler: NotificationHandler = async (notification: Notification) => {
  // notification.method is string
  // notification.params is Record<string, any> | undefined
};

session.on("notification", handler);
