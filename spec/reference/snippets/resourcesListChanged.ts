// mcp-use, Notifications page, "Resources List Changed". Unmodified. The session is that of "Receiving Notifications".
declare const session: import("rx-mcp").MCPSession;

session.on("notification", async (notification) => {
  if (notification.method === "notifications/resources/list_changed") {
    console.log("Resources updated");
    const resources = await session.listAllResources();
    // Update your UI or cache
  }
});
