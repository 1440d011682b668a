// mcp-use, Notifications page, "Custom Notifications". Unmodified. The session is that of "Receiving Notifications".
declare const session: import("rx-mcp").MCPSession;

session.on("notification", async (notification) => {
  switch (notification.method) {
    case "custom/heartbeat":
      console.log(`Heartbeat #${notification.params?.count}`);
      break;

    case "custom/user-joined":
      console.log(`User joined: ${notification.params?.username}`);
      break;

    case "custom/data-updated":
      console.log("Data updated:", notification.params);
      break;

    default:
      console.log(`Unknown notification: ${notification.method}`);
  }
});
